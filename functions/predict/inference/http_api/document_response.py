"""A document becomes a response that browsers keep, ask about again, and take compressed."""

from base64 import b64encode
from gzip import compress
from hashlib import sha256

from inference.errors import TooLargeError
from inference.http_api.accept import takes_gzip
from inference.http_api.request import Request
from inference.http_api.response import MAX_ENVELOPE_BYTES, Response


def document_response(request: Request, content: bytes, media_type: str) -> Response:
    """Return the response with a document, or a 304 without one for a caller who has it.

    Raises:
        TooLargeError: Lambda can't send so much.
    """
    etag = f'W/"{sha256(content).hexdigest()[:32]}"'  # weak: one for both forms of the body
    response = Response(200, "", media_type)
    response.headers |= {
        "cache-control": "private, no-cache",  # kept, but asked about each time
        "etag": etag,
        "vary": "accept-encoding",
    }
    if _is_known(request.headers.get("if-none-match", ""), etag):
        response.status = 304
        return response
    if takes_gzip(request.headers.get("accept-encoding", "")):
        content = compress(content, mtime=0)
        response.headers["content-encoding"] = "gzip"
    response.body, response.is_base64 = b64encode(content).decode(), True
    if len(response.body) > MAX_ENVELOPE_BYTES:
        raise TooLargeError("the document is larger than Lambda sends")
    return response


def _is_known(if_none_match: str, etag: str) -> bool:
    """Return whether a caller has a document. Source: RFC 9110, section 13.1.2."""
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag.removeprefix("W/") in known or known == ["*"]
