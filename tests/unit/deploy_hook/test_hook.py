import json
import shutil
from pathlib import Path

import boto3
import pytest

import hook
from comparison.answer import PURPOSE

ROOT = Path(__file__).parents[3]
EVENT = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "e-1"}


@pytest.fixture(autouse=True)
def events(monkeypatch, tmp_path):
    """Two of the requests that the build puts beside the hook."""
    for name in ("predict_one_ok", "not_json_400"):
        shutil.copy(ROOT / "events" / f"{name}.json", tmp_path)
    monkeypatch.setattr(hook, "EVENTS", tmp_path)


def test_version_that_answers_alike_is_let_through(aws, capsys):
    report = hook.lambda_handler(EVENT, None)

    assert aws.told == [
        {"deploymentId": "d-1", "lifecycleEventHookExecutionId": "e-1", "status": "Succeeded"}
    ]
    assert report == {
        "event": "deploy_check",
        "status": "Succeeded",
        "deployment": "d-1",
        "questions": 12,
        "declared": 0,
        "model": "20261122T090000Z-0123456789ab",
        "refused": [],
    }
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == report


def test_each_question_says_that_it_is_one(aws):
    report = hook.lambda_handler(EVENT, None)

    assert len(aws.contexts) > 2 * report["questions"]
    assert all(said == PURPOSE for said in aws.contexts)


def test_version_that_can_not_be_imported_is_refused_with_the_kind_of_error(aws):
    def new(_event):
        raise ImportError("no module named /var/task/secret")

    aws.functions[next(name for name in aws.functions if name.endswith(":2"))] = new

    report = hook.lambda_handler(EVENT, None)

    assert aws.told[0]["status"] == "Failed"
    assert report["refused"] == [
        "not_json_400: answer: none, the new version ended with ImportError"
    ]


def test_other_model_is_waited_for_ten_minutes(aws, handler, monkeypatch):
    slept = []
    monkeypatch.setattr(hook, "monotonic", lambda: 5_000.0 + sum(slept))
    monkeypatch.setattr(hook, "sleep", slept.append)

    def new(event):
        answer = handler(event)
        return answer | {"headers": answer["headers"] | {"x-model-version": "other"}}

    aws.functions[next(name for name in aws.functions if name.endswith(":2"))] = new

    report = hook.lambda_handler(EVENT, None)

    assert sum(slept) == 600
    assert report["refused"][-1].endswith(": the time is over")


def test_fault_of_the_hook_itself_is_a_refusal(aws, monkeypatch):
    real = boto3.client

    def client(service, **options):
        if service == "lambda":
            raise ValueError("Invalid endpoint: a secret")
        return real(service, **options)

    monkeypatch.setattr(boto3, "client", client)

    report = hook.lambda_handler(EVENT, None)

    assert (aws.told[0]["status"], report["refused"]) == (
        "Failed",
        ["the hook itself failed: ValueError"],
    )
