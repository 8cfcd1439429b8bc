"""`python -m model serve`: the API on this machine, without Docker, until Ctrl-C."""

import argparse
import signal
import threading
from pathlib import Path

from model.local.api_server import serve_api
from model.local.environment import (
    import_handler,
    make_environment,
    put_model,
    serve_s3,
    use_environment,
)
from model.local.request_log import add_log_argument, print_exchange
from model.local.sample_request import format_curl, read_sample_body
from model.paths import ARTIFACT

DESCRIPTION = (
    "Serves a model file with the function's own code, S3 and gateway included, "
    "on this machine. It is for trying things out: no authorisation, no throttling."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "artifact", type=Path, nargs="?", default=ARTIFACT, help=f"default: {ARTIFACT}"
    )
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: 8000)")
    add_log_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until someone stops it."""
    body = read_sample_body(args.artifact)
    with serve_s3() as s3_url, use_environment(make_environment(s3_url)):
        put_model(s3_url, args.artifact)
        watch = None if args.json_log else print_exchange
        with serve_api(import_handler(), port=args.port, watch=watch) as url:
            print(f"The API answers at {url} until Ctrl-C:\n\n{format_curl(url, body)}\n")
            print(f"The page that ranks customers: {url}/\n", flush=True)
            _wait_for_the_end()
    return 0


def _wait_for_the_end() -> None:
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    end.wait()
