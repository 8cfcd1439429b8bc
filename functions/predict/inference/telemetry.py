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
# A line has only what it counted: CloudWatch asks 0.30 dollars a month for each metric, for the
# hours in which it comes, and 0.50 for each GB of lines (aws.amazon.com/cloudwatch/pricing, 2026).
UNITS = {
    "LatencyMs": "Milliseconds",  # on every line
    "ModelAgeSeconds": "Seconds",  # on every line, if there is a model
    "Records": "Count",  # scored ones, so that Churners / Records is a share
    "Churners": "Count",  # wherever there are Records, 0 or not
    "ColdStarts": "Count",
    "ServerErrors": "Count",  # 500, a bug of ours
    "ModelUnavailable": "Count",  # 503
    "RefreshFailures": "Count",
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
    metrics = _measure(response, store, duration_s)
    facts = {
        DIMENSION: getattr(context, "function_name", "local"),
        "request_id": getattr(context, "aws_request_id", None),
        "route": route,
        "status": response.status,
        "model_version": store.version if store else None,
        "bad_records": response.bad_records,
        "fault": response.fault,
    }
    known = {name: fact for name, fact in facts.items() if fact}
    _so_far["requests"] += 1
    about = f'{{"Timestamp":{int(time() * 1000)},"CloudWatchMetrics":{_describe(tuple(metrics))}}}'
    _write(f'{{"_aws":{about},{_encode(known | metrics)[1:]}')


def log_failure(error: Exception) -> None:
    """Write the line of a look-up for a newer model that failed; any thread may call it."""
    reason, message = "unexpected", find_place(error)
    if isinstance(error, StorageError):
        reason, message = error.reason, str(error)
    elif isinstance(error, ArtifactError):
        reason, message = "unusable", str(error)
    line = {"level": "WARN", "event": "refresh_failed", "reason": reason, "message": message}
    _write(_encode(line))


def _measure(response: Response, store: ModelStore | None, duration_s: float) -> dict[str, float]:
    """Return what a request counts for, without counts of 0."""
    metrics: dict[str, float] = {"LatencyMs": round(duration_s * 1000, 3)}
    if store and store.version:
        metrics["ModelAgeSeconds"] = round(store.age_seconds)
    if response.records:
        metrics |= {"Records": response.records, "Churners": response.churners}
    counts = {
        "ColdStarts": int(not _so_far["requests"]),
        "ServerErrors": int(response.fault is not None),
        "ModelUnavailable": int(response.status == ModelUnavailableError.status),
        "RefreshFailures": _count_failures(store),
    }
    return metrics | {name: count for name, count in counts.items() if count}


def _count_failures(store: ModelStore | None) -> int:
    """Return how many look-ups have failed since the last line."""
    failures = store.refresh_failures if store else 0
    new, _so_far["refresh_failures"] = failures - _so_far["refresh_failures"], failures
    return new


@cache
def _describe(names: tuple[str, ...]) -> str:
    """Return what a line's metrics are, as JSON; there are few such lists, so they are kept."""
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in names]
    directive = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": metrics}
    return _encode([directive])


def _write(line: str) -> None:
    # One write: a line that comes in two parts becomes two log events.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
