"""Publish, publish again, roll back, each by the command line, while one warm function answers."""

import json
import re
import time
from pathlib import Path

import pytest

from inference.scoring.artifact import load_artifact
from model.local.environment import import_handler
from model.registry.bucket import open_bucket, read_object

EVENT = json.loads((Path(__file__).parents[3] / "events/predict_one_ok.json").read_text())
REFRESH_S = 1  # MODEL_REFRESH_SECONDS of the function
SLACK_S = 5  # for a busy machine


@pytest.fixture
def run(command):
    """Return the function that runs a command with --json, and returns status and document."""

    def run_for_script(*words):
        status, out, _ = command(*words, "--json")
        return status, json.loads(out)

    return run_for_script


@pytest.fixture
def ask(environment, monkeypatch):  # noqa: ARG001  points it at the registry
    """Return the function that asks one warm function, and returns version and answer."""
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", str(REFRESH_S))
    handler = import_handler()

    def send():
        response = handler(EVENT, None)
        assert response["statusCode"] == 200, response["body"]
        return response["headers"]["x-model-version"], response["body"]

    return send


def wait_for(version, ask):
    """Return the answer of the first request that this version serves, and when it came."""
    started = time.monotonic()
    while time.monotonic() - started < REFRESH_S + SLACK_S:
        served, answer = ask()
        if served == version:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still {served}")


def test_a_warm_function_follows_publish_publish_roll_back(run, ask, files, data, environment):
    v1, v2 = (load_artifact(path.read_bytes()).version for path in files)

    assert run("publish", files[0], *data, "--by", "ada")[0] == 0
    first = wait_for(v1, ask)
    assert run("publish", files[1], *data, "--by", "ada", "--reason", "better")[0] == 0
    second = wait_for(v2, ask)
    assert run("rollback", "--by", "bob", "--reason", "complaints")[0] == 0
    third = wait_for(v1, ask)

    assert second != first
    assert third == first
    live = read_object(open_bucket(environment["MODEL_BUCKET"]), environment["MODEL_KEY"])
    assert live.body == files[0].read_bytes()
    _, history = run("history")
    keys = ("action", "from", "to", "by", "why", "forced")
    assert [tuple(entry[key] for key in keys) for entry in history] == [
        ("rollback", v2, v1, "bob", "complaints", False),
        ("publish", v1, v2, "ada", "better", False),
        ("publish", None, v1, "ada", "", False),
    ]


def test_model_better_overall_but_worse_for_two_year_contracts_is_refused(
    run, files, data, model_file, tmp_path
):
    run("publish", files[0], *data)
    worse = tmp_path / "worse.json"
    worse.write_bytes(model_file(3, {"Two year": 2.0}))

    status, refused = run("publish", worse, *data)

    overall = [item for item in refused["gate"]["comparisons"] if item["segment"] is None]
    refusals = [reason for check in refused["gate"]["checks"] for reason in check["refusals"]]
    assert (status, refused["live"]) == (2, False)
    assert [item["gain"] > 0 for item in overall] == [True, True]
    # Most customers of the longest tenure have such a contract, in any of the tables.
    refused_for = {re.sub(r"over \d+$", "over …", r.partition(":")[0]) for r in refusals}
    assert refused_for - {"tenure = over …"} == {"Contract = Two year"}
    _, listed = run("versions")
    assert listed["live"] == load_artifact(files[0].read_bytes()).version


def test_forced_model_goes_live_with_its_reason(run, files, data):
    run("publish", files[1], *data)

    status, release = run(
        "publish", files[0], *data, "--force", "--reason", "the good one needs a field too many"
    )

    assert (status, release["live"], release["gate"]["passed"]) == (0, True, False)
    assert release["history"]["forced"] is True
    assert release["history"]["why"] == "the good one needs a field too many"
