"""`python -m model demo`: the whole pipeline on this machine, each step as a person takes it."""

import argparse
import shlex
import urllib.request
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TextIO

from model.local.api_server import Handler, serve_api
from model.local.environment import import_handler, make_environment, serve_s3, use_environment
from model.local.sample_request import format_curl, read_sample_body
from model.paths import BUILD, MODEL_NAME

FOLDER = BUILD / "demo"
LOG_NAME = "api.log"
TIMEOUT_S = 10
DESCRIPTION = (
    "Runs train, publish, serve and verify on this machine, and stops all that it "
    f"started. The model and the API's log stay in {FOLDER}/."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "table",
        nargs=argparse.REMAINDER,
        metavar="CSV ...",
        help="your own customers' table, then any option of train",
    )


def run(args: argparse.Namespace) -> int:
    """Return 0 when every step succeeded, else the status of the first that didn't."""
    artifact = FOLDER / MODEL_NAME
    data = ["--data", args.table[0]] if args.table else []
    with serve_s3() as s3_url, use_environment(make_environment(s3_url)):
        return (
            _take_step("train", *args.table, "--out", str(FOLDER))
            or _take_step("publish", str(artifact), *data, "--allow-synthetic")
            or _serve_and_verify(artifact)
        )


def _serve_and_verify(artifact: Path) -> int:
    with (
        (FOLDER / LOG_NAME).open("w", encoding="utf-8") as log,
        serve_api(_log_to(log, import_handler())) as url,
    ):
        status = _take_step("verify", "--url", url, "--artifact", str(artifact))
        if not status:
            _show_request(url, artifact)
    return status


def _take_step(*words: str) -> int:
    from model.__main__ import main  # which imports this module

    print(f"\n$ python -m model {shlex.join(words)}", flush=True)
    return main(list(words))


def _show_request(url: str, artifact: Path) -> None:
    body = read_sample_body(artifact)
    print(f"\n$ {format_curl(url, body)}\n{_post(url, body)}")
    print(f"\nThe API at {url} ends with this demo; `make serve ARTIFACT={artifact}` keeps one.")


def _post(url: str, body: str) -> str:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{url}/predict", body.encode(), headers)  # noqa: S310  ours
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT_S) as response:
        text: str = response.read().decode()
    return text


def _log_to(log: TextIO, handler: Handler) -> Handler:
    """Return a handler whose own lines go to the log, away from what the demo says."""

    def call(event: dict[str, Any], context: Any) -> Any:
        with redirect_stdout(log):
            return handler(event, context)

    return call
