"""Every error a caller of the API can get with its HTTP status, and the two of ours behind them.

ApiError                          what the caller is told
├── BodyError              400    the body can't be read as records
├── RouteError             404    no such path
├── MethodError            405    a path, but not with this method
├── TooLargeError          413    more records or bytes than one request may hold
├── MediaTypeError         415    a content type, charset or encoding we don't read
├── NothingScoredError     422    no record could be scored
└── ModelUnavailableError  503    no model to score with
ArtifactError                     a model file that can't be used
StorageError                      a model file that can't be fetched
"""


class ApiError(Exception):
    """What the caller did, or must wait for; `message` is one plain sentence for them."""

    status = 400

    def __init__(self, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}


class BodyError(ApiError):
    """The body can't be read as records."""

    status = 400


class RouteError(ApiError):
    """No such path."""

    status = 404


class MethodError(ApiError):
    """The path exists, but not with this method."""

    status = 405


class TooLargeError(ApiError):
    """More records or bytes than one request may hold."""

    status = 413


class MediaTypeError(ApiError):
    """A content type, charset or content encoding we don't read."""

    status = 415


class NothingScoredError(ApiError):
    """No record could be scored; `details` are the answer's further members."""

    status = 422

    def __init__(self, message: str, details: dict[str, object], bad_records: int = 1) -> None:
        super().__init__(message)
        self.details = details
        self.bad_records = bad_records


class ModelUnavailableError(ApiError):
    """There is no model to score with; `reason` is what `find_reason` says of why."""

    status = 503

    def __init__(self, message: str, headers: dict[str, str], reason: str) -> None:
        super().__init__(message, headers)
        self.reason = reason


class ArtifactError(Exception):
    """A model file that can't be used: corrupt, of an unknown format, or with a wrong digest."""


class StorageError(Exception):
    """A model file that can't be fetched.

    `reason` is "missing", "forbidden", "misconfigured" or "unavailable"; only the last can pass.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_retryable = reason == "unavailable"


def find_reason(error: Exception) -> str:
    """Return why a look-up for a model failed, in one word.

    That is a StorageError's own, "unusable" for a file that was refused, and "unexpected" for a
    fault of ours.
    """
    if isinstance(error, StorageError):
        return error.reason
    return "unusable" if isinstance(error, ArtifactError) else "unexpected"
