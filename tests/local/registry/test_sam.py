"""Publish, publish again, roll back, while a warm container answers under `sam local start-api`."""

import json
from pathlib import Path

import pytest

from model.local.environment import make_environment
from model.paths import MODEL_KEY
from model.registry.bucket import open_bucket, read_object
from model.registry.history import read_history
from model.registry.registry import Registry
from model.registry.release import Terms, promote, roll_back, store

BODY = json.loads((Path(__file__).parents[3] / "events/predict_one_ok.json").read_text())["body"]
TERMS = Terms(by="ada", reason="test", is_forced=True)


@pytest.fixture
def registry(s3_url, monkeypatch):
    """The registry whose live model the container serves."""
    for name, value in make_environment(s3_url).items():
        monkeypatch.setenv(name, value)
    return Registry(open_bucket(make_environment(s3_url)["MODEL_BUCKET"]), MODEL_KEY)


def ask(api):
    status, headers, answer = api.ask(
        "POST", "/predict", BODY.encode(), {"content-type": "application/json"}
    )
    assert status == 200, answer
    return headers["x-model-version"], answer


def test_a_warm_container_follows_publish_publish_roll_back(sam_api, registry, model_file):
    bodies = [model_file(1, {"Month-to-month": -2.0}), model_file(2)]
    known = len(read_history(registry))

    first = promote(registry, store(registry, bodies[0]), TERMS, "publish")
    answers = [ask(sam_api)]
    second = promote(registry, store(registry, bodies[1]), TERMS, "publish")
    answers.append(ask(sam_api))
    roll_back(registry, TERMS)
    answers.append(ask(sam_api))

    assert [version for version, _ in answers] == [first.version, second.version, first.version]
    assert answers[2] == answers[0] != answers[1]
    assert read_object(registry.bucket, MODEL_KEY).body == bodies[0]
    assert [(entry["action"], entry["to"]) for entry in read_history(registry)[known:]] == [
        ("publish", first.version),
        ("publish", second.version),
        ("rollback", first.version),
    ]
