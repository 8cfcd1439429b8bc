"""`make serve` and `make api`: a model served until Ctrl-C, and nothing left behind."""

import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 120  # a busy machine


@pytest.fixture
def start():
    """Start a command of `python -m model`; it is stopped afterwards."""
    started = []

    def run(*words):
        process = subprocess.Popen(
            [sys.executable, "-m", "model", *map(str, words)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def read_until(process, pattern):
    """Return the first match in what a process says."""
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"it ended without saying {pattern}")


def get_json(url):
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        return json.load(answer)


@pytest.fixture
def built_stack(lambda_image, sam):  # noqa: ARG001  which `sam build` may use
    """The stack as `make api` finds it."""
    sam("build")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_until_it_is_stopped(start, trees, stop):
    server = start("serve", trees.path, "--port", 0)
    url = read_until(server, r"http://127\.0\.0\.1:\d+")[0]

    answer = get_json(f"{url}/health")
    server.send_signal(stop)

    assert answer == {"status": "ok", "version": trees.version}
    assert server.wait(TIMEOUT_S) == 0


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl isn't installed")
def test_line_that_serve_prints_works_in_a_shell(start, trees):
    server = start("serve", trees.path, "--port", 0)
    line = read_until(server, "^curl .*")[0]

    answer = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout

    assert re.fullmatch(r'\{"predictions":\[0\.\d+\],"labels":\[[01]\]\}', answer)


def test_serve_names_the_page(start, trees):
    server = start("serve", trees.path, "--port", 0)
    address = read_until(server, r"^The page that ranks customers: (\S+)$")[1]

    with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert b"Who is about to leave?" in answer.read()


@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        ([], r"^\d\d:\d\d:\d\d  GET  /health        200  -  +\d+\.\d ms$"),
        (["--json-log"], r'^\{"_aws":\{.*"route":"GET /health","status":200,'),
    ],
    ids=["for a person", "as on Lambda"],
)
def test_serve_prints_a_line_per_request(start, trees, words, pattern):
    server = start("serve", trees.path, "--port", 0, *words)
    url = read_until(server, r"http://127\.0\.0\.1:\d+")[0]

    get_json(f"{url}/health")

    assert read_until(server, pattern)


@pytest.mark.parametrize(
    ("size_bytes", "answer"),
    [
        (5_200_000, {"error": "body: expected at most 5,000,000 bytes"}),
        (5_600_000, {"message": "Request Entity Too Large"}),
    ],
    ids=["by-the-function", "by-the-gateway"],
)
def test_body_above_5_mb_is_refused(start, trees, size_bytes, answer):
    """As on AWS: in the event of 6 MiB that Lambda takes, each quote of the body is two bytes."""
    url = read_until(start("serve", trees.path, "--port", 0), r"http://[\d.]+:\d+")[0]
    event = json.loads((ROOT / "events" / "predict_one_ok.json").read_text(encoding="utf-8"))
    (record,) = json.loads(event["body"])["records"]
    text = json.dumps(record)
    records = f"[{','.join([text] * (size_bytes // (len(text) + 1)))}]"
    request = urllib.request.Request(
        f"{url}/predict",
        data=f'{{"records": {records}}}'.encode(),
        headers={"content-type": "application/json"},
    )

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=TIMEOUT_S)

    assert (refused.value.code, json.load(refused.value)) == (413, answer)


def test_serve_without_a_model_file_says_so(start, tmp_path):
    server = start("serve", tmp_path / "none.json", "--port", 0)

    said, _ = server.communicate(timeout=TIMEOUT_S)

    told = f"error: {tmp_path}/none.json: can't be read (No such file or directory)\n"
    assert (said, server.returncode) == (told, 2)


@pytest.mark.usefixtures("built_stack")
def test_sam_api_answers_until_it_is_stopped(start, trees, free_port):
    server = start("sam-api", trees.path, "--port", free_port)
    read_until(server, "Running on")

    answer = get_json(f"http://127.0.0.1:{free_port}/health")
    server.terminate()
    server.communicate(timeout=TIMEOUT_S)

    assert answer == {"status": "ok", "version": trees.version}
    assert list_containers() == []


def list_containers():
    """Return what runs of this checkout's build."""
    containers = subprocess.run(
        ["docker", "ps", "--quiet", "--filter", f"volume={ROOT}/.aws-sam/build/PredictFunction"],
        capture_output=True,
        text=True,
        check=True,
    )
    return containers.stdout.split()
