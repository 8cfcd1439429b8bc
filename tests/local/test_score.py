import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.commands.score import INTERRUPTED

PATIENCE_S = 60
ROOT = Path(__file__).parents[2]


@pytest.fixture
def model(linear):
    return linear.path


def run(*words, **options):
    command = [sys.executable, "-m", "model", *words]
    return subprocess.run(command, capture_output=True, check=False, timeout=600, **options)


def test_pipe_in_pipe_out_and_the_summary_on_stderr(model, synthetic_csv):
    lines = synthetic_csv.read_bytes().splitlines(keepends=True)
    table = b"".join([*lines[:3], b"cut,off\n"])

    done = run("score", "-", "--out", "-", "--model", str(model), input=table)

    assert done.returncode == 1
    answer = done.stdout.decode().splitlines()
    assert answer[0] == "customerID,churn_probability,churn_label,error"
    assert len(answer) == 4
    assert answer[3] == 'cut,,,"expected 21 cells, got 2"'
    assert "3 customers in " in done.stderr.decode()
    assert "1 x expected 21 cells, got 2 (customer 3)" in done.stderr.decode()


def test_interrupted_run_leaves_no_file(model, synthetic_csv, tmp_path):
    """A pipe that stays open keeps the run waiting until the signal comes."""
    command = [sys.executable, "-m", "model", "score", "-", "--out", str(tmp_path / "out.csv")]
    process = subprocess.Popen(
        [*command, "--model", str(model)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdin.write(synthetic_csv.read_bytes())
    process.stdin.flush()
    until = time.monotonic() + PATIENCE_S
    while not os.listdir(tmp_path):  # noqa: PTH208  the half answer, which has a name of its own
        assert time.monotonic() < until

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == INTERRUPTED
    assert said.decode().splitlines()[-1] == f"stopped; {tmp_path / 'out.csv'} was not written"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_interrupted_make_leaves_no_file_and_no_trace(model, synthetic_csv, tmp_path):
    """Ctrl-C in a terminal reaches make and all that it started."""
    words = ["CSV=-", f"BUILD={tmp_path}", f"ARTIFACT={model}", f"ARGS=--model {model}"]
    process = subprocess.Popen(
        ["make", "score", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    process.stdin.write(synthetic_csv.read_bytes())
    process.stdin.flush()
    until = time.monotonic() + PATIENCE_S
    while not os.listdir(tmp_path):  # noqa: PTH208  as above
        assert time.monotonic() < until

    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode not in (0, 1)
    assert f"stopped; {tmp_path / 'scores.csv'} was not written" in said.decode()
    assert "Traceback" not in said.decode()
    assert list(tmp_path.iterdir()) == []
