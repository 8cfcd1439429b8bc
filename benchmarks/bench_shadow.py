"""What does a shadow cost: how long an answer takes without one, and with one that scores it too?

On the Python at hand, through the handler. Every customer is compared, up to the 200 of a request
that ever are; by default it is every tenth.
"""

import io
import json
import threading
from contextlib import redirect_stdout
from itertools import islice
from time import perf_counter
from typing import Any

from benchmarks.command import run_alone
from benchmarks.figures import compare, summarize
from benchmarks.models import RECORDS_FILE, model_file
from benchmarks.workspace import Workspace
from model.local.api_server import Handler
from model.local.environment import (
    BUCKET,
    import_handler,
    make_environment,
    put_model,
    serve_s3,
    use_environment,
)
from model.registry.bucket import open_bucket, overwrite
from model.registry.registry import JSON, Registry

ROUNDS = 15
LIVE, SHADOW = "100 trees", "winner"  # of benchmarks.models
SIZES = {1: 2_000, 100: 60, 1_000: 10}  # records in a request -> requests in a round
LOOK_UP_S = 10  # that the shadow's may take

Event = dict[str, Any]


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, ROUNDS)


def measure(workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    """Return per size of request its microseconds, alone and with a shadow, and their ratio."""
    records = json.loads((workspace.models / RECORDS_FILE).read_text(encoding="utf-8"))
    events = {size: _make_events(records, size, count) for size, count in SIZES.items()}
    shadow = (workspace.models / model_file(SHADOW, "json")).read_bytes()
    with serve_s3() as url, redirect_stdout(io.StringIO()):
        put_model(url, workspace.models / model_file(LIVE, "json"))
        with use_environment(make_environment(url)):
            bucket = open_bucket(BUCKET)
            overwrite(bucket, Registry(bucket).shadow_key, shadow, JSON)
        handlers = {share: _start(url, share, events[1]) for share in ("0", "1")}
        times = {size: _take_turns(handlers, events[size], rounds) for size in SIZES}
    return [
        {
            "records": size,
            "alone_us": alone,
            "shadowed_us": shadowed,
            "ratio": compare(lambda with_it, without: with_it / without, shadowed, alone),
        }
        for size, (alone, shadowed) in times.items()
    ]


def _make_events(records: list[dict[str, Any]], size: int, count: int) -> list[Event]:
    turns = iter(records * -(-size * count // len(records)))
    return [{"records": list(islice(turns, size))} for _ in range(count)]


def _start(url: str, share: str, events: list[Event]) -> Handler:
    """Return a handler that has found its model, and its shadow where it is to have one."""
    with use_environment(make_environment(url) | {"SHADOW_SHARE": share}):
        handler = import_handler()
        for event in events[:2]:
            handler(event, None)
        for thread in threading.enumerate():
            if thread.daemon and thread is not threading.current_thread():
                thread.join(LOOK_UP_S if "look_up" in thread.name else 0)
        for event in events:
            handler(event, None)
    return handler


def _take_turns(handlers: dict[str, Handler], events: list[Event], rounds: int) -> list[Any]:
    times: dict[str, list[float]] = {share: [] for share in handlers}
    for _ in range(rounds):
        for share, handler in handlers.items():
            started_s = perf_counter()
            for event in events:
                handler(event, None)
            times[share].append((perf_counter() - started_s) / len(events) * 1e6)
    return [summarize(taken) for taken in times.values()]


if __name__ == "__main__":
    main()
