"""What an answer of S3 means: an object, nothing new, or an error that says what to do."""

from inference.errors import StorageError

MAX_BODY_BYTES = 6 * 1024 * 1024  # a model is 5 MB at most (model/export/model_file.py)

_NOT_MODIFIED = 304
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken", "TokenRefreshRequired"})
_PASSING = frozenset({"RequestTimeout", "SlowDown", "TemporaryRedirect"})
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


class S3Object:
    """What is stored: `body` is None where it is still what `etag` stands for."""

    __slots__ = ("body", "etag", "modified")

    def __init__(self, body: bytes | None, etag: str | None, modified: float | None) -> None:
        self.body = body
        self.etag = etag
        self.modified = modified  # seconds since 1970


def to_object(status: int, headers: dict[str, str], body: bytes, etag: str | None) -> S3Object:
    """Return what S3 sent.

    Args:
        status: of HTTP.
        headers: lower-case name -> value.
        body: the object, or S3's error document.
        etag: the one we already have and sent along.

    Raises:
        StorageError: anything but the object or "not modified".
    """
    if status == 200:  # noqa: PLR2004 (an HTTP status is its own name)
        modified = parse_date(headers.get("last-modified", ""))
        return S3Object(body, headers.get("etag") or None, modified)
    if status == _NOT_MODIFIED and etag:
        return S3Object(None, etag, None)
    code = body.partition(b"<Code>")[2].partition(b"</Code>")[0].decode("ascii", "replace")
    raise refusal(status, code)


def refusal(status: int, code: str) -> StorageError:
    """Return the error for a status and S3's own error code, without bucket or key."""
    name = f"S3 answered {status} {code}" if code.isalnum() else f"S3 answered {status}"
    if status in {408, 429} or status >= 500 or code in _PASSING:  # noqa: PLR2004 (as above)
        return StorageError(name, "unavailable")
    if code == "NoSuchBucket":
        return StorageError(f"{name}: check MODEL_BUCKET", "misconfigured")
    if status == 404:  # noqa: PLR2004 (as above)
        return StorageError(f"{name}: nothing is published there yet", "missing")
    if status in {401, 403} or code in _EXPIRED:
        return StorageError(f"{name}: the role may not read the model", "forbidden")
    return StorageError(f"{name}: check MODEL_BUCKET, region and endpoint", "misconfigured")


def refuse_oversize() -> StorageError:
    """Return the error for an object that can't be a model."""
    return StorageError(f"the object is larger than {MAX_BODY_BYTES} bytes", "misconfigured")


def parse_date(text: str) -> float | None:
    """Return seconds since 1970 for `Sun, 22 Nov 2026 09:00:00 GMT`, None for anything else.

    By hand: strptime, calendar and email.utils take milliseconds to import.
    The day number is the one of the proleptic Gregorian calendar (RFC 3339, appendix B).
    """
    try:
        _, day, name, year, clock, _ = text.split()
        hours, minutes, seconds = (int(part) for part in clock.split(":"))
        month = _MONTHS.index(name) // 3 + 1
        shifted_year = int(year) - (month <= 2)  # noqa: PLR2004 (a year that starts in March)
        days = shifted_year * 365 + shifted_year // 4 - shifted_year // 100 + shifted_year // 400
        days += (153 * ((month + 9) % 12) + 2) // 5 + int(day) - 719469
    except ValueError:
        return None
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
