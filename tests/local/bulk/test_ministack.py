"""Bulk runs end to end: the deployed state machine, real containers, and what goes wrong there."""

import csv
import gzip
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from model.commands.bulk import INTERRUPTED

ROOT = Path(__file__).parents[3]
EXACT = 1e-12  # from scikit-learn's own
CHANGED = "the input or the model was changed during the run"


def rows_of(body):
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def run_model(*words, environment=None):
    command = [sys.executable, "-m", "model", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def table(synthetic_csv):
    return synthetic_csv.read_bytes()


@pytest.fixture(scope="module")
def scored_here(trees, synthetic_csv, tmp_path_factory):
    """What `python -m model score` makes of the table."""
    path = tmp_path_factory.mktemp("here") / "scores.csv"
    run_model("score", synthetic_csv, "--out", path, "--model", trees.path)
    return path.read_bytes()


def test_command_brings_the_answer_that_scoring_here_and_scikit_learn_give(
    stack, synthetic_csv, scored_here, trees, tmp_path
):
    out = tmp_path / "scores.csv"
    words = ("bulk", synthetic_csv, "--out", out, "--name", "command", "--calls", "50")

    done = run_model(*words, environment=stack.environment)
    again = run_model(*words, environment=stack.environment)

    assert done.returncode == 0, done.stderr
    assert again.returncode == 0, again.stderr
    assert out.read_bytes() == scored_here
    customers = csv.DictReader(io.StringIO(synthetic_csv.read_text("utf-8"), newline=""))
    for row, customer in zip(rows_of(out.read_bytes())[:50], customers, strict=False):
        numbers = {name: customer[name].strip() or None for name in trees.dataset.numeric}
        numbers = {name: value and float(value) for name, value in numbers.items()}
        expected = trees.probability(customer | numbers)
        assert abs(float(row["churn_probability"]) - expected) <= EXACT
    assert "50 calls reach down to probability" in done.stderr
    assert stack.list_keys("work/") == []


@pytest.mark.parametrize(
    "change",
    [
        gzip.compress,
        lambda body: b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n").rstrip(b"\r\n"),
    ],
    ids=["gzip", "BOM, CRLF, no final newline"],
)
def test_table_written_otherwise_has_the_same_answer(stack, table, scored_here, change):
    name = "other-" + str(len(change(table)))
    stack.put_table("in/other.csv", change(table))

    run = stack.wait(stack.start(name, input="in/other.csv"))

    assert run["status"] == "SUCCEEDED", run.get("cause")
    assert stack.read(f"out/{name}/scores.csv") == scored_here


@pytest.mark.parametrize("rows", [0, 1], ids=["header only", "one line"])
def test_hardly_any_rows(stack, table, scored_here, rows):
    stack.put_table("in/short.csv", b"".join(table.splitlines(keepends=True)[: rows + 1]).strip())

    run = stack.wait(stack.start(f"short-{rows}", input="in/short.csv"))

    assert json.loads(run["output"])["customers"] == rows
    expected = b"".join(scored_here.splitlines(keepends=True)[: rows + 1])
    assert stack.read(f"out/short-{rows}/scores.csv") == expected


def test_many_small_objects_are_one_table(stack, table, scored_here):
    """So many that they are three parts; MiniStack starts a container for each at once."""
    header, *lines = table.splitlines(keepends=True)
    for number in range(600):
        stack.put_table(f"in/many/{number:05}.csv", header + lines[number])

    run = stack.wait(stack.start("many", input="in/many/"))

    assert run["status"] == "SUCCEEDED", run.get("cause")
    expected = b"".join(scored_here.splitlines(keepends=True)[:601])
    assert stack.read("out/many/scores.csv") == expected
    assert json.loads(stack.read("out/many/summary.json"))["parts"] == 3


def test_throttled_worker_is_tried_again(stack, table, scored_here):
    stack.put_table("in/throttled.csv", table)
    stack.hold_workers()
    arn = stack.start("throttled", input="in/throttled.csv")
    stack.wait_for("work/throttled/items.json")

    stack.release_workers()
    run = stack.wait(arn)

    assert run["status"] == "SUCCEEDED", run.get("cause")
    assert stack.read("out/throttled/scores.csv") == scored_here


def test_interrupted_command_leaves_the_run_to_itself(stack, synthetic_csv, scored_here, tmp_path):
    out = tmp_path / "scores.csv"
    words = ("bulk", synthetic_csv, "--out", out, "--name", "interrupted")
    stack.hold_workers()
    command = [sys.executable, "-m", "model", *map(str, words)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=stack.environment, stderr=subprocess.PIPE, text=True
    )
    stack.wait_for("work/interrupted/items.json")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    was_there = out.exists()
    stack.release_workers()

    done = run_model(*words, environment=stack.environment)

    assert process.returncode == INTERRUPTED
    *_, last = said.splitlines()
    assert last == "not waiting any longer; the run goes on. To come back: --name interrupted"
    assert not was_there
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == scored_here


def test_promotion_in_mid_run_changes_nothing(stack, table, scored_here, linear, trees):
    stack.put_table("in/promoted.csv", table)
    stack.hold_workers()
    arn = stack.start("promoted", input="in/promoted.csv")
    stack.wait_for("work/promoted/items.json")

    stack.publish(linear.path.read_bytes())
    stack.release_workers()
    run = stack.wait(arn)
    stack.publish(trees.path.read_bytes())

    assert run["status"] == "SUCCEEDED", run.get("cause")
    assert stack.read("out/promoted/scores.csv") == scored_here
    summary = json.loads(stack.read("out/promoted/summary.json"))
    assert summary["model_version"] == trees.version


def test_input_that_changes_in_mid_run_ends_it_and_leaves_nothing(stack, table):
    stack.put_table("in/changed.csv", table)
    stack.hold_workers()
    arn = stack.start("changed", input="in/changed.csv")
    stack.wait_for("work/changed/items.json")

    stack.put_table("in/changed.csv", table + b"another\n")
    stack.release_workers()
    run = stack.wait(arn)

    assert (run["status"], run["error"]) == ("FAILED", "IncompleteError")
    assert run["cause"].startswith("in/changed.csv, bytes ")
    assert run["cause"].endswith(CHANGED)
    assert stack.list_keys("work/changed/") + stack.list_keys("out/changed/") == []


def test_killed_worker_is_tried_again(stack, table, scored_here):
    """The containers of workers are killed once the run has been planned."""
    header, rows = table.split(b"\n", 1)
    stack.put_table("in/killed.csv", header + b"\n" + rows * 20)
    arn = stack.start("killed", input="in/killed.csv", reasons=1)
    stack.wait_for("work/killed/items.json")

    killed = kill_containers(stack.resources["BulkScoreFunction"])
    run = stack.wait(arn)

    assert killed
    assert run["status"] == "SUCCEEDED", run.get("cause")
    assert json.loads(run["output"])["customers"] == 20 * (len(scored_here.splitlines()) - 1)


def kill_containers(function):
    """Kill a function's containers, and return which."""
    listed = subprocess.run(
        ["docker", "ps", "--quiet", "--no-trunc"], capture_output=True, text=True, check=True
    ).stdout.split()
    variables = "{{range .Config.Env}}{{println .}}{{end}}"
    own = [
        name
        for name in listed
        if f"AWS_LAMBDA_FUNCTION_NAME={function}"
        in subprocess.run(
            ["docker", "inspect", "--format", variables, name],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    ]
    for name in own:
        subprocess.run(["docker", "kill", name], capture_output=True, check=False)
    return own


@pytest.mark.parametrize(
    ("request_", "cause"),
    [
        ({"input": "in/gone.csv"}, "in/gone.csv: there is no such object"),
        ({"input": "in/bad.csv"}, "in/bad.csv: the header lacks "),
        ({"inptu": "in/bad.csv"}, 'unknown option "inptu"'),
    ],
)
def test_run_that_can_not_be_says_why(stack, request_, cause):
    stack.put_table("in/bad.csv", b"a,b\n1,2\n")

    run = stack.wait(stack.start(f"refused-{abs(hash(cause))}", **request_))

    assert run["status"] == "FAILED"
    assert run["cause"].startswith(cause)


def test_two_runs_at_once_do_not_touch_each_other(stack, table, scored_here):
    stack.put_table("in/twice.csv", table)
    arns = [stack.start(f"twice-{number}", input="in/twice.csv") for number in range(2)]

    ended = [stack.wait(arn)["status"] for arn in arns]

    assert ended == ["SUCCEEDED", "SUCCEEDED"]
    for number in range(2):
        assert stack.read(f"out/twice-{number}/scores.csv") == scored_here
