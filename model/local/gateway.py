"""What API Gateway's HTTP API does between a client and the function: request to event, and back.

Payload format 2.0, as its developer guide describes it; no socket is touched here.
"""

import base64
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from inference.http_api.request import MAX_EVENT_BYTES

# Larger requests get 413 before they become an event ("Quotas for HTTP APIs", 2026-10).
MAX_REQUEST_BYTES = 10 * 1024 * 1024
# All other bodies, and those without a type, arrive as base64
# (found by asking AWS: github.com/ministackorg/ministack/pull/766, 2026-06).
TEXT_TYPES = ("application/json", "application/javascript", "application/xml")

ACCOUNT = "123456789012"
API_ID = "local"
STAGE_VARIABLES = {"page": "open"}  # as template.yaml has them where nobody has to sign in


@dataclass(frozen=True)
class Request:
    """One HTTP request; `target` is path and query as they stood in the request line."""

    method: str
    target: str
    headers: Iterable[tuple[str, str]] = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True)
class Response:
    """One HTTP response; header names as the function gave them."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: tuple[str, ...] = ()


def build_event(request: Request) -> dict[str, Any]:
    """Return the payload format 2.0 event for a request."""
    raw_path, _, query = request.target.partition("?")
    headers, cookies = _join_headers(request.headers)
    body, is_base64 = _encode_body(request.body, headers.get("content-type", ""))
    path = unquote(raw_path)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{request.method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": _describe_request(request, path, headers),
        "stageVariables": STAGE_VARIABLES,
        "isBase64Encoded": is_base64,
    }
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = _join(parse_qsl(query, keep_blank_values=True))
    if request.body:
        event["body"] = body
    return event


def is_too_large(event: dict[str, Any]) -> bool:
    """Return whether Lambda would refuse the event; the gateway then answers 413 by itself."""
    return _count_bytes(event) > MAX_EVENT_BYTES


def read_answer(answer: Any) -> Response:
    """Return the response that the gateway makes of what the function returned.

    An answer without `statusCode` is taken for a JSON body; one that can't be read is a 500.
    """
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return json_response(200, answer)
    try:
        return _read_proxy_answer(answer)
    except (TypeError, ValueError, AttributeError):
        return internal_error()


def json_response(status: int, content: Any) -> Response:
    """Return a JSON response."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return Response(status, {"content-type": "application/json"}, body)


def internal_error() -> Response:
    """Return what a client sees when the function fails."""
    return json_response(500, {"message": "Internal Server Error"})


def _read_proxy_answer(answer: dict[str, Any]) -> Response:
    text = answer.get("body") or ""
    is_base64 = answer.get("isBase64Encoded", False)
    body = base64.b64decode(text, validate=True) if is_base64 else text.encode()
    if _count_bytes(answer) > MAX_EVENT_BYTES:
        return internal_error()
    headers = {name: _as_text(value) for name, value in (answer.get("headers") or {}).items()}
    if not any(name.lower() == "content-type" for name in headers):
        headers["content-type"] = "text/plain;charset=UTF-8"
    return Response(int(answer["statusCode"]), headers, body, tuple(answer.get("cookies") or ()))


def _count_bytes(document: dict[str, Any]) -> int:
    """Return the length of an event or answer as Lambda gets it, bodies being strings in it."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _join_headers(headers: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[str]]:
    joined = _join((name.lower(), value) for name, value in headers)
    cookies = joined.pop("cookie", "")
    return joined, [part.strip() for part in cookies.split(";") if part.strip()]


def _join(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _encode_body(body: bytes, content_type: str) -> tuple[str, bool]:
    media_type = content_type.partition(";")[0].strip().lower()
    if not body:
        return "", False
    if media_type.startswith("text/") or media_type in TEXT_TYPES:
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode("ascii"), True


def _describe_request(request: Request, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    now = time.time()
    domain = headers.get("host", "")
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": base64.b64encode(uuid.uuid4().bytes[:11]).decode("ascii"),
        "routeKey": f"{request.method} {path}",
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "timeEpoch": int(now * 1000),
    }
