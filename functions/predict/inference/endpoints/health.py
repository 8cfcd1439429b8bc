"""GET /health: whether a model serves, and which."""

from collections.abc import Callable

from inference.http_api.request import Request
from inference.http_api.response import Response, json_response
from inference.scoring.artifact import Artifact


def respond(_request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the version that serves.

    Raises:
        ModelUnavailableError: none does.
    """
    return json_response(200, {"status": "ok", "version": get_model().version})
