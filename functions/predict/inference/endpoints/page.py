"""GET /: the page for people, without a model in it; for that it asks GET /model/file."""

import os
from collections.abc import Callable
from pathlib import Path

from inference.errors import RouteError
from inference.http_api.document_response import document_response
from inference.http_api.request import Request
from inference.http_api.response import Response
from inference.scoring.artifact import Artifact

PAGE = (
    "page.html"  # in the package, where LAMBDA_TASK_ROOT says; functions/predict/Makefile makes it
)
_SWITCHED_OFF = "the page is switched off here; ServePage and ApiAuth decide, see docs/page.md"


def respond(request: Request, _get_model: Callable[[], Artifact]) -> Response:
    """Return the response with the page.

    Args:
        request: the API's stage variables in it may switch the page off.

    Raises:
        RouteError: they do.
    """
    check_switch(request)
    html = Path(os.environ.get("LAMBDA_TASK_ROOT", ""), PAGE).read_bytes()
    response = document_response(request, html, "text/html; charset=utf-8")
    response.headers |= {
        "content-security-policy": f"{_find_policy(html)}; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
    }
    return response


def check_switch(request: Request) -> None:
    """Do nothing where the API has a page; emulators of a gateway name no stage variables.

    Raises:
        RouteError: the API's stage variables switch it off.
    """
    if request.stage_variables.get("page") == "none":
        raise RouteError(_SWITCHED_OFF)


def _find_policy(html: bytes) -> str:
    """Return the policy that the page states itself; a frame's ancestors only a header forbids."""
    stated = html.partition(b'http-equiv="Content-Security-Policy" content="')[2]
    return stated.partition(b'"')[0].decode()
