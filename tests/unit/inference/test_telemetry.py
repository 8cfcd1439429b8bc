import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import app
from inference import telemetry
from inference.errors import ArtifactError, StorageError
from inference.http_api.response import Response
from inference.scoring.artifact import load_artifact

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
    about = line.pop("_aws")
    for name in ("LatencyMs", "ModelAgeSeconds", "ColdStarts"):
        line.pop(name, None)  # below
    assert about["CloudWatchMetrics"][0]["Namespace"] == "ChurnScoring"
    assert about["CloudWatchMetrics"][0]["Dimensions"] == [["FunctionName"]]
    assert line == {
        "FunctionName": "predict",
        "build": "source",
        "request_id": "request-1",
        "route": "POST /predict",
        "status": 200,
        "model_version": VERSION,
        "bad_records": 1,
        "Records": 2,
        "Churners": 1,
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


@pytest.mark.parametrize("status", [200, 399, 400, 413, 499, 500, 502, 503, 504])
def test_503_is_an_unavailable_model_and_no_other_status_is(context, lines, status):
    telemetry.log_request(context, "GET /model", Response(status, ""), None, 0.0)

    (line,) = lines()
    assert line["status"] == status
    assert line.get("ModelUnavailable") == (1 if status == 503 else None)
    assert {"ServerErrors", "RefreshFailures", "fault", "Reason"}.isdisjoint(line)


def test_fault_is_in_the_line_and_counted(context, lines):
    response = Response(500, "")
    response.fault = ValueError("secret")

    telemetry.log_request(context, "GET /model", response, None, 0.0)

    (line,) = lines()
    assert (line["ServerErrors"], line["fault"]) == (1, ["ValueError: unknown"])


@pytest.mark.parametrize(
    ("seconds", "latency_ms"), [(0.0123456, 12.346), (2.5, 2500.0), (0.0000004, 0.0)]
)
def test_latency_is_in_milliseconds(context, lines, seconds, latency_ms):
    telemetry.log_request(context, None, Response(200, ""), None, seconds)

    assert lines()[0]["LatencyMs"] == latency_ms


def test_latency_is_the_time_in_the_handler(ask, record, lines):
    started_s = time.perf_counter()
    ask(body={"records": [record] * 500})
    took_ms = (time.perf_counter() - started_s) * 1000

    assert 0.5 < lines()[0]["LatencyMs"] <= took_ms


def test_line_has_the_time_of_day_in_milliseconds(ask, lines):
    before_ms = int(time.time() * 1000)
    ask("GET", "/health")

    assert before_ms <= lines()[0]["_aws"]["Timestamp"] <= time.time() * 1000


def test_age_of_the_model_is_in_whole_seconds(ask, s3, lines):
    s3.stored.modified = time.time() - 7200
    ask("GET", "/health")

    assert lines()[0]["ModelAgeSeconds"] in range(7199, 7260)


def test_every_line_is_embedded_metric_format(ask, record, s3, lines):
    ask(body={"records": [record]})
    ask(body="{")
    ask("GET", "/nowhere")
    s3.stored.error = (403, "AccessDenied")
    app.open_store.cache_clear()
    ask("GET", "/health")

    written = [line for line in lines() if "_aws" in line]
    assert len(written) == 4
    for line in written:
        Draft202012Validator(SCHEMA).validate(line)
        for directive in line["_aws"]["CloudWatchMetrics"]:
            names = [metric["Name"] for metric in directive["Metrics"]]
            assert all(isinstance(line[name], int | float) for name in names)
            assert all(line[name] for names in directive["Dimensions"] for name in names)
            assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == {
                name: telemetry.UNITS[name] for name in names
            }


def test_only_the_first_request_of_a_process_is_cold():
    program = "import app\nfor _ in range(3): app.lambda_handler({}, None)\n"

    result = subprocess.run(  # noqa: S603  the lines above
        [sys.executable, "-c", program], capture_output=True, check=True
    )

    written = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("ColdStarts") for line in written] == [1, None, None]


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
    s3.stored.body = None

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


def test_503_is_counted_by_its_reason_and_by_the_functions_version_too(ask, s3, lines):
    ask("GET", "/nowhere")
    s3.stored.error = (403, "AccessDenied")
    ask("GET", "/health")

    other, _, line = lines()
    assert {"Reason", "FunctionVersion"}.isdisjoint(other)
    assert len(other["_aws"]["CloudWatchMetrics"]) == 1
    assert (line["Reason"], line["FunctionVersion"]) == ("forbidden", "7")
    assert line["_aws"]["CloudWatchMetrics"][1:] == [
        {
            "Namespace": "ChurnScoring",
            "Dimensions": [["FunctionName", name]],
            "Metrics": [{"Name": "ModelUnavailable", "Unit": "Count"}],
        }
        for name in ("Reason", "FunctionVersion")
    ]


def test_each_failed_look_up_is_counted_once(ask, record, s3, lines):
    s3.stored.error = (403, "AccessDenied")

    for _ in range(3):
        ask(body={"records": [record]})
    ask("GET", "/nowhere")

    counted = [line.get("RefreshFailures") for line in lines() if "_aws" in line]
    assert counted == [1, 1, 1, None]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            StorageError("not allowed", "forbidden"),
            {"reason": "forbidden", "message": "not allowed"},
        ),
        (
            ArtifactError("not a JSON document"),
            {"reason": "unusable", "message": "not a JSON document"},
        ),
        (
            ValueError("churn-models-bucket"),
            {"reason": "unexpected", "fault": ["ValueError: unknown"]},
        ),
    ],
    ids=["storage", "artifact", "fault"],
)
def test_failed_look_up_gets_a_line_without_secrets(lines, error, told):
    telemetry.log_failure(error)

    assert lines() == [{"level": "WARN", "event": "refresh_failed", **told}]


def test_failed_shadow_gets_the_same_under_another_name(lines):
    telemetry.log_shadow_failure(StorageError("S3 answered 403", "forbidden"))

    told = {"reason": "forbidden", "message": "S3 answered 403"}
    assert lines() == [{"level": "WARN", "event": "shadow_failed", **told}]


def test_detour_gets_a_line(lines):
    telemetry.log_detour(ImportError("cannot import name '_SSLContext'"))

    assert lines() == [{"level": "WARN", "event": "s3_by_boto3", "fault": ["ImportError: unknown"]}]


def catch(function, *arguments):
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is
        function(*arguments)
    return caught.value


def test_fault_is_told_by_its_types_and_places_down_the_chain(artifact):
    def raise_from():
        try:
            artifact.get_numbers({"secret": 1})
        except KeyError as error:
            raise RuntimeError("secret") from error

    outer = catch(raise_from)
    inner = catch(load_artifact, b"secret")

    assert telemetry.describe_fault(outer) == ["RuntimeError: unknown", "KeyError: unknown"]
    told = telemetry.describe_fault(inner)
    assert [line.partition(": ")[0] for line in told] == ["ArtifactError", "JSONDecodeError"]
    first, *further = told[0].partition(": ")[2].split(" > ")
    assert first.startswith("inference.scoring.artifact.load_artifact:")
    assert [place.rpartition(".")[0] for place in further] == ["inference.scoring.artifact"]
    assert int(told[0].rpartition(":")[2]) > 1
    assert "secret" not in "".join(told)


def test_fault_without_a_cause_has_what_it_came_in_the_way_of():
    def fail(is_told):
        try:
            {}["secret"]
        except KeyError:
            raise ValueError("secret") from (TypeError("secret") if is_told else None)

    def fail_while_handling():
        try:
            {}["secret"]
        except KeyError:
            raise ValueError("secret")  # noqa: B904  on purpose

    types = [
        [line.partition(":")[0] for line in telemetry.describe_fault(fault)]
        for fault in (catch(fail, False), catch(fail, True), catch(fail_while_handling))
    ]

    assert types == [["ValueError"], ["ValueError", "TypeError"], ["ValueError", "KeyError"]]


def test_chain_and_depth_of_a_fault_have_limits():
    fault = first = ValueError()
    for _ in range(9):
        fault.__cause__ = ValueError()
        fault = fault.__cause__
    fault.__cause__ = first
    again = {"__name__": "inference.deep"}
    exec("def dig(depth): return dig(depth - 1) if depth else 1 / 0", again)  # noqa: S102
    deep = catch(again["dig"], 40)

    assert telemetry.describe_fault(first) == ["ValueError: unknown"] * 5
    (line,) = telemetry.describe_fault(deep)
    assert line == "ZeroDivisionError: " + " > ".join(["inference.deep.dig:1"] * 10)


@pytest.mark.usefixtures("store")
def test_call_without_a_context_is_local(lines):
    app.lambda_handler({}, None)

    (line,) = lines()
    assert (line["FunctionName"], line["status"]) == ("local", 400)
    assert "request_id" not in line
