"""An event becomes a request, and its body text."""

from inference.errors import BodyError, MediaTypeError, TooLargeError

JSON = "application/json"
CSV = "text/csv"
MAX_EVENT_BYTES = 6 * 1024 * 1024  # Lambda takes and gives no more per call (quotas, November 2026)
# The event holds the body as a JSON string, in which each quote and each line end is two bytes, so
# 5 MB pass if at most a quarter is such; records with the names and texts of IBM's table have 15 %.
MAX_BODY_BYTES = 5_000_000

_CHARSETS = ("utf-8", "utf8", "us-ascii")
_TABLE_CHARSETS = (*_CHARSETS, "windows-1252", "cp1252")
_DIRECT_ROUTES = {  # member of an event without HTTP -> its route
    "records": "POST /predict",
    "record": "POST /whatif",
}
_NOT_A_REQUEST = 'event: expected an HTTP API 2.0 request or {"records": [...]}; see docs/api.md'


class Request:
    """What a caller asked for.

    `document` is the body of a direct invocation, already parsed; otherwise `body` has the text.
    `stage_variables` are the API's, whatever the caller sent.
    """

    __slots__ = (
        "body",
        "document",
        "headers",
        "is_base64",
        "method",
        "path",
        "query",
        "route_key",
        "stage_variables",
    )

    def __init__(self, route_key: str) -> None:
        self.route_key = route_key
        self.method, _, self.path = route_key.partition(" ")
        self.headers: dict[str, str] = {}
        self.query: dict[str, str] = {}
        self.stage_variables: dict[str, str] = {}
        self.document: dict | None = None
        self.body: object = None
        self.is_base64 = False


def read_request(event: object) -> Request:
    """Return the request in an event of the HTTP API or of a direct invocation.

    Raises:
        BodyError: any other event.
    """
    if not isinstance(event, dict):
        raise BodyError(_NOT_A_REQUEST)
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    if isinstance(http, dict):
        return _read_http(event, http)
    for member, route_key in _DIRECT_ROUTES.items():
        if member in event:
            request = Request(route_key)
            request.document = event
            return request
    raise BodyError(_NOT_A_REQUEST)


def _read_http(event: dict, http: dict) -> Request:
    request = Request(_text(event.get("routeKey")))
    request.method = _text(http.get("method"))
    request.path = _text(event.get("rawPath")).rstrip("/") or "/"
    request.headers = {name.lower(): text for name, text in _texts(event.get("headers"))}
    request.query = dict(_texts(event.get("queryStringParameters")))
    request.stage_variables = dict(_texts(event.get("stageVariables")))
    request.body = event.get("body")
    request.is_base64 = event.get("isBase64Encoded") is True
    return request


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(members: object) -> list[tuple[str, str]]:
    if not isinstance(members, dict):
        return []
    return [(name, text) for name, text in members.items() if isinstance(text, str)]


def body_media_type(request: Request) -> str:
    """Return JSON or CSV, whichever the body is; without a content type it is JSON.

    Raises:
        MediaTypeError: another type, a charset other than UTF-8, or a compressed body.
    """
    if request.headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
        raise MediaTypeError("content-encoding: expected none; send the body uncompressed")
    media_type, *parameters = request.headers.get("content-type", "").split(";")
    media_type = media_type.strip().lower() or JSON
    if media_type not in (JSON, CSV):
        raise MediaTypeError(
            f"content-type: expected {JSON} or {CSV}; with curl, add -H 'content-type: {JSON}'"
        )
    charsets = _TABLE_CHARSETS if media_type == CSV else _CHARSETS
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in charsets:
            raise MediaTypeError("content-type: expected charset utf-8")
    return media_type


def body_text(request: Request, *, is_table: bool = False) -> str:
    """Return the body as text; a table may be in UTF-16 or Windows-1252, too (see `csv_dialect`).

    Raises:
        BodyError: none, or not UTF-8 (half a surrogate pair included).
        TooLargeError: more than MAX_BODY_BYTES.
    """
    body = request.body
    if not isinstance(body, str) or not body:
        raise BodyError("the request has no body; docs/api.md shows one")
    try:
        content = _decode_base64(body) if request.is_base64 else body.encode()
        if len(content) > MAX_BODY_BYTES:
            raise TooLargeError(f"body: expected at most {MAX_BODY_BYTES:,} bytes")
        return _decode(content, is_table=is_table) if request.is_base64 else body
    except UnicodeError as error:
        raise BodyError("body: expected UTF-8 text") from error


def _decode(content: bytes, *, is_table: bool) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        from inference.csv_dialect import find_encoding

        encoding = find_encoding(content) if is_table else None
        if encoding:
            return content.decode(encoding)
        raise


def _decode_base64(body: str) -> bytes:
    from binascii import a2b_base64  # the gateway sends JSON and CSV as text

    try:
        return a2b_base64(body, strict_mode=True)
    except ValueError as error:
        raise BodyError("body: expected base64, as the event says") from error
