"""Lambda's entry point: each event goes to its route, what came of it to the caller and the log."""

import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from time import perf_counter

import inference.endpoints.predict  # noqa: F401 (the path that has to start fast)
from inference import telemetry
from inference.errors import ApiError, MethodError, RouteError
from inference.http_api.request import Request, read_request
from inference.http_api.response import Response, error_response, fault_response
from inference.live.s3 import make_fetcher
from inference.live.store import ModelStore
from inference.scoring.artifact import Artifact, load_artifact

DEFAULT_MODEL_KEY = "models/telco_churn_light.json"
DEFAULT_REFRESH_S = "60"
SHADOW_NAME = "shadow.json"  # beside the live model
DEPLOY_CHECK = {"purpose": "deploy_check"}  # as functions/deploy_hook says it
ROUTES = {  # route -> module of inference.endpoints whose `respond` answers it
    "POST /predict": "predict",
    "POST /whatif": "whatif",
    "GET /model": "model_info",
    "GET /health": "health",
    "GET /openapi.json": "openapi",
    "GET /model/file": "model_file",
    "GET /": "page",
}

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.monitoring.last_state import LastState
    from inference.monitoring.recorder import Recorder
    from inference.shadow.comparison import Comparison

first_scored: list[tuple] = []  # by the first request, until the second; empty after that


def lambda_handler(event: object, context: object) -> dict:
    """Return the response to an event, in the form of HTTP API 2.0.

    Args:
        event: of an HTTP API, or `{"records": [...]}`; anything else gets a 400.
        context: Lambda's; its request id goes into the response and the log.
    """
    started_s = perf_counter()
    version: str | None = None

    def get_model() -> Artifact:
        nonlocal version
        artifact = open_store().get()
        version = artifact.version
        return artifact

    route, response = _respond(event, get_model)
    store = open_store() if open_store.cache_info().currsize else None
    # The model that answered, if one did: a newer one may have taken over since.
    response.version = version or (store.version if store else None)
    if response.version:
        response.headers["x-model-version"] = response.version
    request_id = getattr(context, "aws_request_id", None)
    if request_id:
        response.headers["x-request-id"] = request_id
    telemetry.log_request(context, route, response, store, perf_counter() - started_s)
    if response.scored and not _is_deploy_check(context):
        _count(response.scored)
        _compare(response.scored)
    return response.to_event()


@cache
def open_store() -> ModelStore:
    """Return the store of this execution environment, made by the first call."""
    key = os.environ.get("MODEL_KEY") or DEFAULT_MODEL_KEY
    bucket = os.environ.get("MODEL_BUCKET", "")
    fetch = make_fetcher(os.environ, bucket, key, telemetry.log_detour)
    return ModelStore(
        fetch, load_artifact, refresh_s=_read_refresh_s(), on_failure=telemetry.log_failure
    )


@cache
def open_state() -> "LastState":
    """Return what knows the monitor's last state, made by the first question for it."""
    from inference.monitoring.last_state import LastState
    from inference.monitoring.state import STATE_KEY

    fetch = make_fetcher(os.environ, os.environ.get("MODEL_BUCKET", ""), STATE_KEY)
    return LastState(fetch, _read_refresh_s(), telemetry.log_unread_state)


@cache
def open_recorder() -> "Recorder":
    """Return what counts the customers of this execution environment, made by the second call."""
    from inference.monitoring.recorder import Recorder

    return Recorder(telemetry.log_counts)


@cache
def open_comparison() -> "Comparison | None":
    """Return what compares the live model with the shadow; None where no share is to be scored."""
    share = float(os.environ.get("SHADOW_SHARE") or 0)
    if share <= 0:
        return None
    from inference.shadow.candidate import Candidate
    from inference.shadow.comparison import Comparison

    folder, slash, _ = (os.environ.get("MODEL_KEY") or DEFAULT_MODEL_KEY).rpartition("/")
    fetch = make_fetcher(
        os.environ, os.environ.get("MODEL_BUCKET", ""), f"{folder}{slash}{SHADOW_NAME}"
    )
    candidate = Candidate(fetch, telemetry.log_shadow_failure)
    return Comparison(candidate, share, telemetry.log_counts)


def _read_refresh_s() -> float:
    return float(os.environ.get("MODEL_REFRESH_SECONDS") or DEFAULT_REFRESH_S)


def _is_deploy_check(context: object) -> bool:
    """Return whether the deploy hook asks, about nobody: what only a direct invocation can say."""
    client = getattr(context, "client_context", None)
    return getattr(client, "custom", None) == DEPLOY_CHECK


def _count(scored: tuple) -> None:
    """Have customers counted, from the second request on: no first answer waits for that code."""
    if not first_scored:
        first_scored.append(scored)
        return
    try:
        recorder = open_recorder()
        if first_scored[0]:
            recorder.record(first_scored[0])
        recorder.record(scored)
    except Exception as error:  # noqa: BLE001 (the answer is ready, and stays so)
        telemetry.log_uncounted(error)
    first_scored[0] = ()


def _compare(scored: tuple) -> None:
    """Have the shadow score its share of customers, once counting them has begun."""
    if first_scored[0]:
        return
    try:
        comparison = open_comparison()
        if comparison:
            comparison.compare(scored)
    except Exception as error:  # noqa: BLE001 (as above)
        telemetry.log_shadow_failure(error)


def _respond(event: object, get_model: Callable[[], Artifact]) -> tuple[str | None, Response]:
    """Return the route, None for an unknown one, and what it answered."""
    route = None
    try:
        request = read_request(event)
        route = _find_route(request)
        endpoint = import_module(f"inference.endpoints.{ROUTES[route]}")
        if route == "GET /model":
            return route, endpoint.respond(request, get_model, open_state)
        return route, endpoint.respond(request, get_model)
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
