"""GET /: the page for people, without a model in it; for that it asks GET /model/file."""

import json
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
_SIGN_IN = '<meta name="sign-in" content="">'  # as model/page/index.html has it
_OWN_SERVER = "connect-src 'self'"
_SWITCHED_OFF = (
    "the page is switched off here; ServePage, ApiAuth and JwtClientId decide, see docs/page.md"
)


def respond(request: Request, _get_model: Callable[[], Artifact]) -> Response:
    """Return the response with the page.

    Args:
        request: the API's stage variables in it may switch the page off, or say where people sign
            in.

    Raises:
        RouteError: it is switched off.
    """
    check_switch(request)
    html = Path(os.environ.get("LAMBDA_TASK_ROOT", ""), PAGE).read_bytes()
    if request.stage_variables.get("page") == "sign-in":
        html = _name_issuer(html, request.stage_variables)
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


def _name_issuer(html: bytes, variables: dict[str, str]) -> bytes:
    """Return the page told where people sign in, and allowed to ask there.

    Args:
        html: what the package has.
        variables: `issuer`, `client_id`, `scopes` and `audience`; `token_origin` where the issuer
            hands out tokens at another origin than its own.
    """
    from html import escape  # not in a first answer

    issuer = variables["issuer"]
    own = "/".join(issuer.split("/")[:3])
    origins = list(dict.fromkeys([own, variables.get("token_origin", own)]))
    settings = {
        "issuer": issuer,
        "client_id": variables["client_id"],
        "scope": variables["scopes"].replace(",", " "),
        "audience": variables["audience"],
        "origins": origins,
    }
    told = f'{_SIGN_IN[:-2]}{escape(json.dumps(settings))}">'
    allowed = f"{_OWN_SERVER} {' '.join(origins)}"
    html = html.replace(_SIGN_IN.encode(), told.encode(), 1)
    return html.replace(_OWN_SERVER.encode(), allowed.encode(), 1)


def _find_policy(html: bytes) -> str:
    """Return the policy that the page states itself; a frame's ancestors only a header forbids."""
    stated = html.partition(b'http-equiv="Content-Security-Policy" content="')[2]
    return stated.partition(b'"')[0].decode()
