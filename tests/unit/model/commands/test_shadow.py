import json

import pytest

from model.__main__ import main

LINE = {
    "event": "shadow_differences",
    "model_version": "v1",
    "shadow_version": "v2",
    "since": 1_795_600_000,
    "until": 1_795_600_060,
    "customers": 200,
    "not_scored": 0,
    "changes": [100, 50, 20, 20, 5, 5, 0, 0],
    "labels": [120, 8, 4, 68],
    "live_scores": [10] * 20,
    "shadow_scores": [12, 8] * 10,
}


@pytest.fixture
def log(tmp_path, monkeypatch):
    for name in ("MODEL_BUCKET", "LOG_GROUP"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "log"
    path.write_text(f"{json.dumps(LINE)}\n{json.dumps(LINE)}\n")
    return path


def test_what_would_change_is_printed(log, capsys):
    status = main(["shadow", "--log", str(log)])

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[:2] == [
        "Shadow v2 beside v1",
        "400 customers, 2026-11-25 09:46 to 2026-11-25 09:47 UTC; the shadow can't score 0",
    ]
    assert [line.split() for line in lines if line.startswith("the shadow alone")] == [
        ["the", "shadow", "alone", "flags", "16", "4.0%"]
    ]
    assert [line.split() for line in lines if line.startswith("0.05 ")] == [["0.05", "40", "10.0%"]]
    assert [line.split() for line in lines if line.startswith("0.9 ")] == [["0.9", "40", "40"]]


def test_scripts_get_json(log, capsys):
    main(["shadow", "--log", str(log), "--json"])

    (found,) = json.loads(capsys.readouterr().out)
    assert (found["shadow_version"], found["customers"]) == ("v2", 400)


def test_an_empty_log_says_what_it_takes(log, capsys):
    log.write_text("")

    assert main(["shadow", "--log", str(log)]) == 0
    assert capsys.readouterr().out.startswith("Nothing yet: a line comes once")


@pytest.mark.usefixtures("log")
def test_a_log_has_to_be_said(capsys):
    assert main(["shadow"]) == 2
    assert capsys.readouterr().err == (
        "error: which log? say --log-group, set LOG_GROUP (a stack output), or --log\n"
    )
