import json
import time

import pytest

from model.__main__ import main

REPORT = {
    "event": "deploy_check",
    "status": "Failed",
    "deployment": "d-2",
    "questions": 31,
    "declared": 0,
    "model": "v1",
    "refused": ["many customers: body.predictions[]: off by 1.0e-09", "csv_ok: body: changed"],
}
AT_MS = int(time.time() * 1000) - 60_000


@pytest.fixture
def put(logs, monkeypatch):
    """Return the function that logs messages, a millisecond each."""
    monkeypatch.setenv("DEPLOY_LOG_GROUP", "predict")

    def put(*messages, before_s=0):
        events = [
            {"timestamp": AT_MS - 1000 * before_s + number, "message": message}
            for number, message in enumerate(messages)
        ]
        logs.put_log_events(logGroupName="predict", logStreamName="one", logEvents=events)

    return put


def test_last_report_is_printed_with_its_reasons(put, capsys):
    earlier = REPORT | {"status": "Succeeded", "deployment": "d-1", "refused": []}
    put(json.dumps(earlier), f"INFO {json.dumps(REPORT)}", 'deploy_check {"event"', "deploy_check")

    status = main(["deploy-check"])

    first, *reasons = capsys.readouterr().out.splitlines()
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(AT_MS / 1000))
    assert (status, first) == (
        0,
        f"Hook, {at}: Failed, deployment d-2, 31 questions, model v1",
    )
    assert reasons == [f"refused: {reason}" for reason in REPORT["refused"]]


def test_report_without_a_model_says_so(put, capsys):
    put(json.dumps(REPORT | {"model": None, "refused": []}))

    main(["deploy-check"])

    assert capsys.readouterr().out.endswith("31 questions, model none\n")


def test_scripts_get_json(put, capsys):
    put(json.dumps(REPORT))

    main(["deploy-check", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in REPORT} == REPORT


def test_hook_that_nobody_asked_has_said_nothing(put, capsys):
    put("another line")

    assert main(["deploy-check", "--days", "0.5"]) == 0
    assert capsys.readouterr().out == "The hook was asked nothing in the last 12 hours.\n"


def test_report_of_another_day_is_not_the_last_deploys(put, capsys):
    put(json.dumps(REPORT), before_s=86_400)

    main(["deploy-check"])
    assert capsys.readouterr().out == "The hook was asked nothing in the last 24 hours.\n"
    main(["deploy-check", "--days", "2"])
    assert "deployment d-2" in capsys.readouterr().out


def test_a_log_has_to_be_said(monkeypatch, capsys):
    monkeypatch.delenv("DEPLOY_LOG_GROUP", raising=False)

    assert main(["deploy-check"]) == 2
    assert capsys.readouterr().err == (
        "error: which log? say --log-group, or set DEPLOY_LOG_GROUP (a stack output)\n"
    )
