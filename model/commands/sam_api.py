"""`python -m model sam-api`: `sam local start-api`, with S3 on this machine."""

import argparse
import signal
import subprocess
import tempfile
from pathlib import Path

from model.local.environment import put_model, serve_s3
from model.local.sam import ALL_INTERFACES, make_local_stack

DESCRIPTION = "Serves the built stack's API, its function in Docker, until Ctrl-C."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("artifact", type=Path, metavar="ARTIFACT", help="the model file to serve")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")


def run(args: argparse.Namespace) -> int:
    """Return SAM CLI's own exit status."""
    with serve_s3(ALL_INTERFACES) as s3_url, tempfile.TemporaryDirectory() as folder:
        put_model(s3_url, args.artifact)
        stack = make_local_stack(s3_url, Path(folder))
        command = stack.command("start-api", "--port", str(args.port), "--warm-containers", "LAZY")
        with subprocess.Popen(command, env=stack.environment) as sam:  # noqa: S603  our own words
            return _wait(sam)


def _wait(sam: "subprocess.Popen[bytes]") -> int:
    """Return SAM CLI's status once it has removed its container and ended."""
    signal.signal(signal.SIGTERM, lambda *_: sam.terminate())
    try:
        return sam.wait()
    except KeyboardInterrupt:
        return sam.wait()  # Ctrl-C reached it too
