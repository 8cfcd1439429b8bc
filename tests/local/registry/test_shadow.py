"""A shadow in Lambda's container: it is compared with the live model, and no answer tells of it."""

import json
import re
import time

import pytest

from inference.scoring.artifact import load_artifact
from model.export.parity import to_records
from model.registry.bucket import open_bucket, overwrite
from model.registry.registry import JSON

ASKED = 150  # customers of a request; repeats among them are compared once
LINE_S = 120  # for a line that comes once a minute is over
AS_JSON = {"content-type": "application/json"}


@pytest.fixture
def body(customers):
    return json.dumps({"records": to_records(customers.frame.iloc[:ASKED])}).encode()


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def serve(serve_stack, s3_url, environment, tmp_path, log):
    """Return the context of an API whose container has all customers compared."""
    variables = {"MODEL_KEY": environment["MODEL_KEY"], "SHADOW_SHARE": "1"}
    return lambda: serve_stack(s3_url, tmp_path, variables, log)


def ask_until(event, api, body, log):
    """Ask until the log has an event; return its line, and what was answered meanwhile."""
    answers, deadline = [], time.monotonic() + LINE_S
    while time.monotonic() < deadline:
        status, headers, answer = api.ask("POST", "/predict", body, AS_JSON)
        answers.append((status, headers.get("x-model-version"), answer))
        for line in re.findall(r"\{.*\}", log.read_text("utf-8")):
            if json.loads(line).get("event") == event:
                return json.loads(line), answers
        time.sleep(0.5)
    raise AssertionError(f"no {event}: {log.read_text('utf-8')[-2000:]}")


def test_shadow_is_compared_and_the_live_model_answers(command, files, data, serve, body, log):
    live, shadow = (load_artifact(path.read_bytes()).version for path in files)
    command("publish", files[0], *data)
    command("publish", files[1], "--shadow")

    with serve() as api:
        line, answers = ask_until("shadow_differences", api, body, log)
    _, told, _ = command("shadow", "--log", log, "--json")

    assert (line["model_version"], line["shadow_version"]) == (live, shadow)
    assert 100 <= line["customers"] == sum(line["changes"]) == sum(line["labels"]) <= ASKED
    assert line["changes"][0] < line["customers"]  # the models differ, as files says
    assert {(status, version) for status, version, _ in answers} == {(200, live)}
    assert len({answer for _, _, answer in answers}) == 1
    assert str(line["customers"]) in told


def test_broken_shadow_leaves_answers_as_they_are(
    command, environment, files, data, serve, body, log
):
    live = load_artifact(files[0].read_bytes()).version
    command("publish", files[0], *data)
    command("publish", files[1], "--shadow")
    key = f"{environment['MODEL_KEY'].rpartition('/')[0]}/shadow.json"
    overwrite(open_bucket(environment["MODEL_BUCKET"]), key, files[1].read_bytes()[:-100], JSON)

    with serve() as api:
        line, answers = ask_until("shadow_failed", api, body, log)
        status, headers, answer = api.ask("POST", "/predict", body, AS_JSON)

    assert (line["level"], line["reason"]) == ("WARN", "unusable")
    assert {*answers} == {(status, headers["x-model-version"], answer)}
    assert (status, headers["x-model-version"]) == (200, live)
