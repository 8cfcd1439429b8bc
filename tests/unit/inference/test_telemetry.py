import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import app
from inference import telemetry
from inference.errors import ArtifactError, StorageError

SCHEMA = json.loads((Path(__file__).parent / "emf_schema.json").read_text(encoding="utf-8"))
VERSION = "20261122T090000Z-0123456789ab"
MAX_LINE_BYTES = 600  # docs/performance.md counts with it


@pytest.fixture
def lines(capsys):
    """Return the function that gives the lines written since it was last called."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_says_what_a_request_came_to(ask, record, lines):
    ask(body={"records": [record, record | {"tenure": 70}, record | {"tenure": "x"}]})

    (line,) = lines()
    about, duration_ms = line.pop("_aws"), line.pop("LatencyMs")
    assert 0 < duration_ms < 10_000
    assert about["CloudWatchMetrics"][0]["Namespace"] == "ChurnScoring"
    assert about["CloudWatchMetrics"][0]["Dimensions"] == [["FunctionName"]]
    assert line == {
        "FunctionName": "predict",
        "request_id": "request-1",
        "route": "POST /predict",
        "status": 200,
        "model_version": VERSION,
        "bad_records": 1,
        "Records": 2,
        "Churners": 1,
        "ColdStarts": 1,
        "ModelAgeSeconds": 0,
    }


def test_line_of_an_uneventful_request_counts_customers_time_and_nothing_else(ask, record, capsys):
    ask(body={"records": [record]})
    capsys.readouterr()

    ask(body={"records": [record | {"tenure": 70}]})

    text = capsys.readouterr().out
    (directive,) = json.loads(text)["_aws"]["CloudWatchMetrics"]
    names = [metric["Name"] for metric in directive["Metrics"]]
    assert names == ["LatencyMs", "ModelAgeSeconds", "Records", "Churners"]
    assert json.loads(text)["Churners"] == 0
    assert len(text) < MAX_LINE_BYTES


def test_every_line_is_embedded_metric_format(ask, record, s3, lines):
    ask(body={"records": [record]})
    ask(body="{")
    ask("GET", "/nowhere")
    s3.error = StorageError("no answer from S3", "unavailable")

    for line in lines():
        Draft202012Validator(SCHEMA).validate(line)
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        names = [metric["Name"] for metric in directive["Metrics"]]
        assert all(isinstance(line[name], int | float) for name in names)
        assert all(line[name] for (name,) in directive["Dimensions"])
        assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == {
            name: telemetry.UNITS[name] for name in names
        }


def test_only_the_first_request_is_cold(ask, record, lines):
    for _ in range(3):
        ask(body={"records": [record]})

    assert [line.get("ColdStarts") for line in lines()] == [1, None, None]


@pytest.mark.parametrize(
    ("body", "counted"),
    [
        ("{", {"status": 400}),
        ('{"records": [1, 2]}', {"status": 422, "bad_records": 2}),
    ],
)
def test_errors_of_the_caller_are_none_of_ours(ask, lines, body, counted):
    ask(body=body)

    (line,) = lines()
    assert {name: line[name] for name in ("status", "bad_records") if name in line} == counted
    assert {"ServerErrors", "ModelUnavailable", "Records"} & set(line) == set()


def test_unknown_path_is_not_quoted(ask, lines):
    ask("GET", "/customers/7590-VHVEG")

    (line,) = lines()
    assert "route" not in line
    assert "VHVEG" not in json.dumps(line)


def test_missing_model_is_counted_and_has_no_age(ask, record, s3, lines):
    s3.error = StorageError("S3 answered 404 NoSuchKey: nothing is published there yet", "missing")

    ask(body={"records": [record]})

    failure, line = lines()
    assert failure == {
        "level": "WARN",
        "event": "refresh_failed",
        "reason": "missing",
        "message": "S3 answered 404 NoSuchKey: nothing is published there yet",
    }
    assert (line["ModelUnavailable"], line["RefreshFailures"]) == (1, 1)
    assert {"ServerErrors", "model_version"} & set(line) == set()
    assert "ModelAgeSeconds" not in json.dumps(line)


def test_each_failed_look_up_is_counted_once(ask, record, s3, lines):
    s3.error = StorageError("no", "forbidden")

    for _ in range(3):
        ask(body={"records": [record]})
    ask("GET", "/nowhere")

    counted = [line.get("RefreshFailures") for line in lines() if "_aws" in line]
    assert counted == [1, 1, 1, None]


@pytest.mark.parametrize(
    ("error", "reason", "message"),
    [
        (StorageError("not allowed", "forbidden"), "forbidden", "not allowed"),
        (ArtifactError("not a JSON document"), "unusable", "not a JSON document"),
        (ValueError("churn-models-bucket"), "unexpected", "unknown"),
    ],
)
def test_failed_look_up_gets_a_line_without_secrets(lines, error, reason, message):
    telemetry.log_failure(error)

    assert lines() == [
        {"level": "WARN", "event": "refresh_failed", "reason": reason, "message": message}
    ]


@pytest.mark.usefixtures("store")
def test_call_without_a_context_is_local(lines):
    app.lambda_handler({}, None)

    (line,) = lines()
    assert (line["FunctionName"], line["status"]) == ("local", 400)
    assert "request_id" not in line
