"""GET /model/file: the file of the model that serves, for the page that scores with it."""

from collections.abc import Callable

from inference.endpoints.page import check_switch
from inference.http_api.document_response import document_response
from inference.http_api.request import JSON, Request
from inference.http_api.response import Response
from inference.scoring.artifact import Artifact


def respond(request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the response with the file, byte for byte.

    Raises:
        ModelUnavailableError: no model serves.
        RouteError: the page is switched off.
        TooLargeError: Lambda can't send so much.
    """
    check_switch(request)
    return document_response(request, get_model().body, JSON)
