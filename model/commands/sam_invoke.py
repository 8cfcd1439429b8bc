"""`python -m model sam-invoke`: `sam local invoke` for each event, with S3 on this machine."""

import argparse
import json
import tempfile
from pathlib import Path

from model.console import print_cut
from model.errors import ModelError
from model.local.environment import put_model, serve_s3
from model.local.invocations import Invocation, invoke_all
from model.local.sam import ALL_INTERFACES, make_local_stack
from model.paths import EVENTS

DESCRIPTION = "Invokes the built function in Docker, once for each event."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("artifact", type=Path, metavar="ARTIFACT", help="the model file to serve")
    parser.add_argument(
        "events", type=Path, nargs="*", metavar="EVENT", help="default: every file in events/"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="print the whole answers, each on a line of its own"
    )


def run(args: argparse.Namespace) -> int:
    """Print a line per event: its name, the answer's status, how long it took, and its start."""
    events = args.events or sorted(EVENTS.glob("*.json"))
    if not events:
        raise ModelError(f"{EVENTS}: holds no event")
    width = max(len(event.name) for event in events)
    with serve_s3(ALL_INTERFACES) as s3_url, tempfile.TemporaryDirectory() as folder:
        put_model(s3_url, args.artifact)
        for invocation in invoke_all(make_local_stack(s3_url, Path(folder)), events):
            _print(invocation, width, is_verbose=args.verbose)
    return 0


def _print(invocation: Invocation, width: int, *, is_verbose: bool) -> None:
    answer = json.loads(invocation.answer)  # of a crashed function it has neither of these two
    status, body = answer.get("statusCode", "-"), answer.get("body", invocation.answer)
    time = "-" if invocation.duration_ms is None else f"{invocation.duration_ms:.0f}"
    line = f"{invocation.event.name:<{width}}  {status:>3}  {time:>5} ms"
    if is_verbose:
        print(f"{line}\n{invocation.answer}", flush=True)
    else:
        print_cut(f"{line}  {' '.join(body.split())}")
