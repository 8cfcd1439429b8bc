"""One JSON line per request: what happened, for people, and CloudWatch metrics for alarms.

The form is CloudWatch's embedded metric format (AWS documentation, November 2026). Nothing that a
caller sent, and no name of a file, bucket or key, gets into a line; of a fault of ours it has the
types of exceptions and the places in our code, and no message.
"""

import json
import sys
from functools import cache
from itertools import count
from time import time

from inference import BUILD
from inference.errors import ArtifactError, ModelUnavailableError, StorageError, find_reason
from inference.http_api.response import Response
from inference.live.store import ModelStore

NAMESPACE = "ChurnScoring"
DIMENSION = "FunctionName"
REASON = "Reason"  # of a 503, which is counted by it as well
VERSION = "FunctionVersion"  # of the function; by it, too: a new one's alarm takes it back
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

_OURS = ("app", "bulk", "inference")  # packages and entry points; the first name of a module
_MAX_CAUSES = 5  # exceptions of a chain that are told
_MAX_PLACES = 10  # of our code per exception, the innermost

_encode = json.JSONEncoder(separators=(",", ":")).encode
_requests = count()  # of this execution environment


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
        "build": BUILD,
        "request_id": getattr(context, "aws_request_id", None),
        "route": route,
        "status": response.status,
        "model_version": response.version,
        "bad_records": response.bad_records,
        "fault": describe_fault(response.fault) if response.fault else None,
        REASON: response.unavailable,
        VERSION: getattr(context, "function_version", None) if response.unavailable else None,
    }
    known = {name: fact for name, fact in facts.items() if fact}
    directives = _describe(
        tuple(metrics), tuple(name for name in (REASON, VERSION) if name in known)
    )
    about = f'{{"Timestamp":{int(time() * 1000)},"CloudWatchMetrics":{directives}}}'
    _write(f'{{"_aws":{about},{_encode(known | metrics)[1:]}')


def log_failure(error: Exception) -> None:
    """Write the line of a look-up for a newer model that failed; any thread may call it."""
    _warn_of_failure("refresh_failed", error)


def log_shadow_failure(error: Exception) -> None:
    """Write the line of a shadow that can't be loaded or score; any thread may call it."""
    _warn_of_failure("shadow_failed", error)


def log_unread_state(error: Exception) -> None:
    """Write the line of a monitor's state that can't be read; any thread may call it."""
    _warn_of_failure("state_unread", error)


def log_detour(error: Exception) -> None:
    """Write the line of a way to S3 that this Python no longer has, so that boto3 was taken."""
    _warn("s3_by_boto3", fault=describe_fault(error))


def log_counts(counts: dict) -> None:
    """Write a line of counts that inference.monitoring or inference.shadow has made."""
    _write(_encode({"level": "INFO", **counts}))


def log_uncounted(error: Exception) -> None:
    """Write the line of customers that were scored but couldn't be counted."""
    _warn("not_counted", fault=describe_fault(error))


def describe_fault(fault: BaseException) -> list[str]:
    """Return a line for an exception and each one behind it: its type, and where in our code.

    `KeyError: app._respond:76 > inference.endpoints.predict.respond:40` was raised in line 40 of
    that module. No message is told: it may hold what a customer sent.
    """
    lines: list[str] = []
    error: BaseException | None = fault
    while error is not None and len(lines) < _MAX_CAUSES:
        lines.append(f"{type(error).__qualname__}: {' > '.join(_list_places(error)) or 'unknown'}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _list_places(error: BaseException) -> list[str]:
    places, step = [], error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.partition(".")[0] in _OURS:
            places.append(f"{module}.{step.tb_frame.f_code.co_qualname}:{step.tb_lineno}")
        step = step.tb_next
    return places[-_MAX_PLACES:]


def _measure(response: Response, store: ModelStore | None, duration_s: float) -> dict[str, float]:
    """Return what a request counts for, without counts of 0."""
    metrics: dict[str, float] = {"LatencyMs": round(duration_s * 1000, 3)}
    if store and store.version:
        metrics["ModelAgeSeconds"] = round(store.age_seconds)
    if response.records:
        metrics |= {"Records": response.records, "Churners": response.churners}
    counts = {
        "ColdStarts": int(next(_requests) == 0),
        "ServerErrors": int(response.fault is not None),
        "ModelUnavailable": int(response.status == ModelUnavailableError.status),
        "RefreshFailures": store.take_failures() if store else 0,
    }
    return metrics | {name: count for name, count in counts.items() if count}


@cache
def _describe(names: tuple[str, ...], details: tuple[str, ...]) -> str:
    """Return what a line's metrics are, as JSON; there are few such lists, so it is kept.

    Args:
        names: of the metrics.
        details: further dimensions by which a 503 is counted, each beside the function's name.
    """
    directives = [_direct([DIMENSION], names)]
    directives += [_direct([DIMENSION, name], ("ModelUnavailable",)) for name in details]
    return _encode(directives)


def _direct(dimensions: list[str], names: tuple[str, ...]) -> dict:
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in names]
    return {"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics}


def _warn_of_failure(event: str, error: Exception) -> None:
    is_foreseen = isinstance(error, StorageError | ArtifactError)
    told = {"message": str(error)} if is_foreseen else {"fault": describe_fault(error)}
    _warn(event, reason=find_reason(error), **told)


def _warn(event: str, **facts: object) -> None:
    _write(_encode({"level": "WARN", "event": event, **facts}))


def _write(line: str) -> None:
    # One write: a line that comes in two parts becomes two log events.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
