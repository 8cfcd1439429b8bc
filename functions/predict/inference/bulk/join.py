"""A run's last step: its parts become one file, in the input's order, with a summary beside it."""

import json
from concurrent.futures import ThreadPoolExecutor
from time import time

from inference.bulk.errors import ChangedError, IncompleteError
from inference.bulk.run import (
    ITEMS,
    JOB,
    SCORES,
    SUMMARY,
    make_key,
    make_output_key,
    name_part,
)
from inference.bulk.storage import (
    Bucket,
    delete_objects,
    read_json,
    write_json,
)
from inference.bulk.summary import summarize
from inference.bulk.tally import Tally, from_json, merge
from inference.bulk.upload import Written, abort_uploads, write_pieces
from inference.monitoring.lines import COUNTS, EVENT, add_up

READERS = 32  # tallies read at once
REASONS = {  # what Lambda and Step Functions call it -> what it is
    "ChangedError": "the input or the model was changed during the run",
    "TableError": "it holds a damaged gzip file, or a quote that is left open",
    "Sandbox.Timedout": "the worker ran out of time",
    "States.Timeout": "the worker ran out of time",
    "Runtime.ExitError": "the worker was killed; it may have run out of memory",
    "Runtime.OutOfMemory": "the worker ran out of memory",
    "Lambda.TooManyRequestsException": "Lambda had no room for the worker",
}


def join_run(bucket: Bucket, run: str, results: list) -> dict:
    """Write the run's answer and summary, and return where they are.

    Done again, it finds what it has written.

    Args:
        bucket: of bulk runs.
        run: the execution's name.
        results: of the map: `{"part": number}` for each part, with `error` where it failed.

    Raises:
        IncompleteError: a part has failed or is missing; names its objects and bytes.
    """
    job = read_json(bucket, make_key(run, JOB))
    items = read_json(bucket, make_key(run, ITEMS))
    _check_results(items, results)
    with ThreadPoolExecutor(READERS) as pool:
        words = list(pool.map(lambda item: _read_word(bucket, item), items))
    parts = [Written(**word["answer"]) for word in words]
    write_pieces(bucket, make_output_key(run, SCORES), parts)
    tally = Tally()
    for word in words:
        merge(tally, from_json(word["tally"]))
    summary = (
        job["about"]
        | summarize(job["options"], tally)
        | {
            "seconds": round(time() - job["started_s"], 3),
            "worker_seconds": round(sum(word["seconds"] for word in words), 3),
            "workers": job["workers"],
            "parts": len(parts),
        }
    )
    write_json(bucket, make_output_key(run, SUMMARY), summary)
    _write_counts(bucket, run, job["about"]["model_version"], words)
    return {
        "scores": f"s3://{bucket.name}/{make_output_key(run, SCORES)}",
        "summary": f"s3://{bucket.name}/{make_output_key(run, SUMMARY)}",
        "customers": tally.customers,
        "not_scored": tally.customers - tally.scored,
    }


def clean_run(bucket: Bucket, run: str, failure: dict | None) -> dict:
    """Delete what a run needed only while it ran; after a failure all of it, and say what it was.

    Args:
        bucket: of bulk runs.
        run: the execution's name.
        failure: `Error` and `Cause`, as the state machine caught them; None after a success.

    Returns:
        The failure's `error` and `message`, or nothing.
    """
    delete_objects(bucket, make_key(run, ""))
    if failure is None:
        return {}
    abort_uploads(bucket, make_output_key(run, ""))
    delete_objects(bucket, make_output_key(run, ""))
    # The engine's own names begin so, and it takes none from others that does.
    return {"error": failure["Error"].removeprefix("States."), "message": _explain(failure)}


def _write_counts(bucket: Bucket, run: str, version: str, words: list[dict]) -> None:
    """Write for the monitor what parts of at least 100 different customers have counted."""
    total = None
    for word in words:
        if word["counts"]:
            total = add_up(total, word["counts"])
    if total:
        about = {"event": EVENT, "model_version": version}
        write_json(bucket, f"{COUNTS}{run}.json", about | total)


def _check_results(items: list[dict], results: list) -> None:
    for item, result in zip(items, results, strict=True):
        if not isinstance(result, dict) or result.get("part") != item["part"]:
            raise IncompleteError(f"{_locate(item)}: its worker never answered")
        if "error" in result:
            reason = REASONS.get(result["error"], result["error"])
            raise IncompleteError(f"{_locate(item)}: {reason}")


def _read_word(bucket: Bucket, item: dict) -> dict:
    try:
        return read_json(bucket, make_key(item["run"], name_part(item["part"], ".json")))
    except ChangedError as error:
        raise IncompleteError(f"{_locate(item)}: its answer isn't there") from error


def _locate(item: dict) -> str:
    """Return where in the input a part lies."""
    first, last = item["pieces"][0], item["pieces"][-1]
    if first is last:
        return f"{first['key']}, bytes {first['start'] or 0:,} to {first['end']:,}"
    return f"{first['key']} to {last['key']}"


def _explain(failure: dict) -> str:
    """Return a failure in a sentence: a function's own message, or what the engine calls it."""
    try:
        return str(json.loads(failure["Cause"])["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return REASONS.get(failure["Error"], f"{failure['Error']}: {failure.get('Cause', '')}")
