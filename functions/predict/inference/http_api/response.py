"""An answer, an error or a fault of ours becomes a response."""

import json

from inference.errors import ApiError, NothingScoredError, TooLargeError
from inference.http_api.request import JSON, MAX_EVENT_BYTES

# An answer's body as a JSON string; its status and headers take less than the rest.
MAX_ENVELOPE_BYTES = MAX_EVENT_BYTES - 10_000

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


class Response:
    """What the caller gets, and what the log says about it without quoting it.

    `version` is that of the model, `fault` the exception behind a 500, `unavailable` the reason of
    a 503. `scored` is what inference.monitoring counts.
    """

    __slots__ = (
        "bad_records",
        "body",
        "churners",
        "fault",
        "headers",
        "is_base64",
        "records",
        "scored",
        "status",
        "unavailable",
        "version",
    )

    def __init__(self, status: int, body: str, media_type: str = JSON) -> None:
        self.status = status
        self.body = body
        self.is_base64 = False
        self.headers = {
            "content-type": media_type,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }
        self.records = self.churners = self.bad_records = 0
        self.fault: Exception | None = None
        self.unavailable: str | None = None
        self.version: str | None = None
        self.scored: tuple | None = None

    def to_event(self) -> dict:
        """Return the answer in the form of HTTP API 2.0."""
        answer = {"statusCode": self.status, "headers": self.headers, "body": self.body}
        return answer | {"isBase64Encoded": True} if self.is_base64 else answer


def json_response(status: int, answer: dict) -> Response:
    """Return the response that carries an answer as JSON."""
    return sized_response(status, _encode(answer), JSON)


def sized_response(status: int, body: str, media_type: str) -> Response:
    """Return a response that Lambda can send.

    Raises:
        TooLargeError: it can't; ids, or a CSV's own columns, fill the answer.
    """
    # Only a long body needs the count: one character is six bytes of the envelope at most.
    if len(body) * 6 > MAX_ENVELOPE_BYTES:
        envelope = json.dumps(body, ensure_ascii=False).encode(errors="replace")
        if len(envelope) > MAX_ENVELOPE_BYTES:
            raise TooLargeError("the answer would be larger than Lambda sends; send fewer records")
    return Response(status, body, media_type)


def error_response(error: ApiError) -> Response:
    """Return the response that says what was wrong; always JSON."""
    answer: dict[str, object] = {"error": error.message}
    if isinstance(error, NothingScoredError):
        answer |= error.details
    response = Response(error.status, _encode(answer))
    response.headers |= error.headers
    response.bad_records = getattr(error, "bad_records", 0)
    response.unavailable = getattr(error, "reason", None)
    return response


def fault_response(fault: Exception) -> Response:
    """Return a 500 that gives nothing away; the fault itself is for the log."""
    response = Response(
        500,
        _encode({"error": "something went wrong on our side; the log has it under x-request-id"}),
    )
    response.fault = fault
    return response
