"""`python -m model sam-invoke`: `sam local invoke` for each event, with S3 on this machine."""

import argparse
import tempfile
from pathlib import Path

from model.errors import ModelError
from model.local.environment import put_model, serve_s3
from model.local.sam import ALL_INTERFACES, make_local_stack
from model.paths import EVENTS

DESCRIPTION = "Invokes the built function in Docker, once for each event."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("artifact", type=Path, metavar="ARTIFACT", help="the model file to serve")
    parser.add_argument(
        "events", type=Path, nargs="*", metavar="EVENT", help="default: every file in events/"
    )


def run(args: argparse.Namespace) -> int:
    """Print each event's name and the function's answer."""
    events = args.events or sorted(EVENTS.glob("*.json"))
    if not events:
        raise ModelError(f"{EVENTS}: holds no event")
    with serve_s3(ALL_INTERFACES) as s3_url, tempfile.TemporaryDirectory() as folder:
        put_model(s3_url, args.artifact)
        stack = make_local_stack(s3_url, Path(folder))
        for event in events:
            print(f"{event}\n  {stack.invoke(event)}", flush=True)
    return 0
