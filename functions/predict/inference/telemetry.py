"""One JSON line per request: what happened, for people, and CloudWatch metrics for alarms.

The form is CloudWatch's embedded metric format (AWS documentation, November 2026). Nothing that a
caller sent, and no name of a class, file or bucket, gets into a line.
"""

import json
import sys
from functools import cache
from time import time

from inference.errors import ArtifactError, ModelUnavailableError, StorageError
from inference.http_api.messages import Response, find_place
from inference.live.store import ModelStore

NAMESPACE = "ChurnScoring"
DIMENSION = "FunctionName"
UNITS = {
    "Requests": "Count",
    "Records": "Count",  # scored ones, so that Churners / Records is a share
    "Churners": "Count",
    "ClientErrors": "Count",  # 4xx
    "ServerErrors": "Count",  # 500, a bug of ours
    "ModelUnavailable": "Count",  # 503
    "RefreshFailures": "Count",
    "ModelAgeSeconds": "Seconds",  # left out without a model
    "LatencyMs": "Milliseconds",
    "ColdStarts": "Count",
}

_encode = json.JSONEncoder(separators=(",", ":")).encode
_so_far = {"requests": 0, "refresh_failures": 0}  # of this execution environment


def log_request(
    context: object,
    route: str | None,
    response: Response,
    store: ModelStore | None,
    duration_s: float,
) -> None:
    """Write the line of one request to standard output, which Lambda hands on to CloudWatch.

    Args:
        context: Lambda's.
        route: the one that answered; None for an unknown path or event.
        response: what the caller gets.
        store: None while no request has needed a model.
        duration_s: of the handler, without this line.
    """
    is_cold = not _so_far["requests"]
    metrics = {
        "Requests": 1,
        "Records": response.records,
        "Churners": response.churners,
        "ClientErrors": int(response.status in range(400, 500)),
        "ServerErrors": int(response.fault is not None),
        "ModelUnavailable": int(response.status == ModelUnavailableError.status),
        "RefreshFailures": _count_failures(store),
        "LatencyMs": round(duration_s * 1000, 3),
        "ColdStarts": int(is_cold),
    }
    version = store.version if store else None
    if store and version:
        metrics["ModelAgeSeconds"] = round(store.age_seconds)
    facts = {
        DIMENSION: getattr(context, "function_name", "local"),
        "request_id": getattr(context, "aws_request_id", None),
        "route": route,
        "status": response.status,
        "model_version": version,
        "is_cold": is_cold,
        "bad_records": response.bad_records,
        "fault": response.fault,
    }
    _so_far["requests"] += 1
    about = f'{{"Timestamp":{int(time() * 1000)},"CloudWatchMetrics":{_describe(tuple(metrics))}}}'
    _write(f'{{"_aws":{about},{_encode(facts | metrics)[1:]}')


def log_failure(error: Exception) -> None:
    """Write the line of a look-up for a newer model that failed; any thread may call it."""
    reason, message = "unexpected", find_place(error)
    if isinstance(error, StorageError):
        reason, message = error.reason, str(error)
    elif isinstance(error, ArtifactError):
        reason, message = "unusable", str(error)
    line = {"level": "WARN", "event": "refresh_failed", "reason": reason, "message": message}
    _write(_encode(line))


def _count_failures(store: ModelStore | None) -> int:
    """Return how many look-ups have failed since the last line."""
    failures = store.refresh_failures if store else 0
    new, _so_far["refresh_failures"] = failures - _so_far["refresh_failures"], failures
    return new


@cache
def _describe(names: tuple[str, ...]) -> str:
    """Return what a line's metrics are, as JSON; there are two such lists, so it is kept."""
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in names]
    directive = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": metrics}
    return _encode([directive])


def _write(line: str) -> None:
    # One write: a line that comes in two parts becomes two log events.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
