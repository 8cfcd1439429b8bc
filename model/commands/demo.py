"""`python -m model demo`: the whole pipeline on this machine, each step as a person takes it."""

import argparse
import shlex
import urllib.request
from pathlib import Path

from model.commands import train
from model.local.api_server import serve_api
from model.local.environment import import_handler, make_environment, serve_s3, use_environment
from model.local.request_log import add_log_argument, print_exchange
from model.local.sample_request import format_curl, read_sample_body
from model.paths import BUILD, MODEL_NAME, PAGE_NAME

FOLDER = BUILD / "demo"
TIMEOUT_S = 10
DESCRIPTION = (
    "Runs train, publish, serve and verify on this machine, and stops all that it "
    f"started. The model and its report stay in {FOLDER}/."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    add_log_argument(parser)
    train.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when every step succeeded, else the status of the first that didn't."""
    artifact = FOLDER / MODEL_NAME
    data = ["--data", str(args.csv)] if args.csv else []
    words = [word for word in args.words if word != "--json-log"]
    with serve_s3() as s3_url, use_environment(make_environment(s3_url)):
        status = (
            _take_step("train", *words, "--out", str(FOLDER))
            or _take_step("publish", str(artifact), *data, "--allow-synthetic")
            or _serve_and_verify(artifact, is_json=args.json_log)
            or _take_step("page", "--model", str(artifact), "--out", str(FOLDER))
        )
    if not status:
        print(
            f"\nOpen {FOLDER / PAGE_NAME} in a browser: it ranks customers. "
            f"`make serve ARTIFACT={artifact}` has it at http://127.0.0.1:8000/, beside the API."
        )
    return status


def _serve_and_verify(artifact: Path, *, is_json: bool) -> int:
    with serve_api(import_handler(), watch=None if is_json else print_exchange) as url:
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
    print(f"\n$ {format_curl(url, body)}", flush=True)
    print(_post(url, body))
    print(f"\nThe API at {url} ends with this demo.")


def _post(url: str, body: str) -> str:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{url}/predict", body.encode(), headers)  # noqa: S310  ours
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT_S) as response:
        text: str = response.read().decode()
    return text
