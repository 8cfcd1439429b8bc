"""Lambda's entry point: each event goes to its route, what came of it to the caller and the log."""

import os
from collections.abc import Callable
from functools import cache
from time import perf_counter

from inference import telemetry
from inference.endpoints.predict import predict
from inference.errors import ApiError, MethodError, RouteError
from inference.http_api.messages import (
    Request,
    Response,
    error_response,
    fault_response,
    json_response,
    read_request,
)
from inference.live.s3 import make_fetcher
from inference.live.store import ModelStore
from inference.scoring.artifact import Artifact, load_artifact

DEFAULT_MODEL_KEY = "models/telco_churn_light.json"
DEFAULT_REFRESH_S = "60"


def lambda_handler(event: object, context: object) -> dict:
    """Return the response to an event, in the form of HTTP API 2.0.

    Args:
        event: of an HTTP API, or `{"records": [...]}`; anything else gets a 400.
        context: Lambda's; its request id goes into the response and the log.
    """
    started_s = perf_counter()
    used: list[Artifact] = []
    route, response = _respond(event, used)
    store = open_store() if open_store.cache_info().currsize else None
    # A newer model may have taken over since this answer's was taken.
    version = used[0].version if used else store and store.version
    if version:
        response.headers["x-model-version"] = version
    request_id = getattr(context, "aws_request_id", None)
    if request_id:
        response.headers["x-request-id"] = request_id
    telemetry.log_request(context, route, response, store, perf_counter() - started_s)
    return response.to_event()


@cache
def open_store() -> ModelStore:
    """Return the store of this execution environment, made by the first call."""
    key = os.environ.get("MODEL_KEY") or DEFAULT_MODEL_KEY
    refresh_s = float(os.environ.get("MODEL_REFRESH_SECONDS") or DEFAULT_REFRESH_S)
    fetch = make_fetcher(os.environ, os.environ.get("MODEL_BUCKET", ""), key)
    return ModelStore(fetch, load_artifact, refresh_s=refresh_s, on_failure=telemetry.log_failure)


def _respond(event: object, used: list[Artifact]) -> tuple[str | None, Response]:
    """Return the route and what it answered; the model that it took is added to `used`."""

    def get_model() -> Artifact:
        used.append(open_store().get())
        return used[0]

    route = None
    try:
        request = read_request(event)
        route = _find_route(request)
        return route, ROUTES[route](request, get_model)
    except ApiError as error:
        return route, error_response(error)
    except Exception as error:  # noqa: BLE001 (a bug of ours is still an answer, and a metric)
        return route, fault_response(error)


def _find_route(request: Request) -> str:
    """Return the route's key: the gateway's own where it has one, else method and path."""
    for route in (request.route_key, f"{request.method} {request.path}"):
        if route in ROUTES:
            return route
    methods = [route.split()[0] for route in ROUTES if route.split()[1] == request.path]
    if methods:
        raise MethodError(f"this path takes {methods[0]} only", {"allow": methods[0]})
    paths = ", ".join(route.split()[1] for route in ROUTES)
    raise RouteError(f"no such path; there are {paths}")


def _what_if(request: Request, get_model: Callable[[], Artifact]) -> Response:
    from inference.endpoints.whatif import what_if  # only /predict has to start fast

    return what_if(request, get_model)


def _describe_model(_request: Request, get_model: Callable[[], Artifact]) -> Response:
    from inference.endpoints.model_info import describe_model

    return json_response(200, describe_model(get_model()))


def _report_health(_request: Request, get_model: Callable[[], Artifact]) -> Response:
    return json_response(200, {"status": "ok", "version": get_model().version})


def _serve_openapi(_request: Request, get_model: Callable[[], Artifact]) -> Response:
    from inference.endpoints.openapi import describe_api

    return json_response(200, describe_api(get_model))


ROUTES = {
    "POST /predict": predict,
    "POST /whatif": _what_if,
    "GET /model": _describe_model,
    "GET /health": _report_health,
    "GET /openapi.json": _serve_openapi,
}
