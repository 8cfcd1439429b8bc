"""The contract of docs/api.md, through the handler."""

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import app
from comparison.answer import PURPOSE

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("store")

CUSTOMER = "7590-VHVEG"


def answer_of(event, context):
    response = app.lambda_handler(event, context)
    return response["statusCode"], json.loads(response["body"])


@pytest.mark.parametrize(
    "event",
    [
        None,
        {},
        [],
        "",
        0,
        {"Records": [{"s3": {"bucket": {"name": "b"}}}]},
        {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
        {"warmup": True},
        {"httpMethod": "POST", "path": "/predict", "body": '{"records": [{}]}'},
    ],
    ids=str,
)
def test_event_without_a_request_gets_an_answer(event, context):
    assert answer_of(event, context) == (
        400,
        {"error": 'event: expected an HTTP API 2.0 request or {"records": [...]}; see docs/api.md'},
    )


def test_direct_invocation_is_answered_in_the_same_form(context, event, record):
    direct = app.lambda_handler({"records": [record]}, context)
    over_http = app.lambda_handler(event(body={"records": [record]}), context)

    assert direct == over_http
    assert list(direct) == ["statusCode", "headers", "body"]


def test_base64_body_is_the_same_body(context, event, record):
    sent = event(body={"records": [record]})
    encoded = base64.b64encode(sent["body"].encode()).decode()

    answer = app.lambda_handler(sent | {"body": encoded, "isBase64Encoded": True}, context)

    assert answer == app.lambda_handler(sent, context)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/predict", "POST"),
        ("OPTIONS", "/predict", "POST"),
        ("HEAD", "/model", "GET"),
        ("", "/health", "GET"),
    ],
)
def test_other_methods_are_refused(ask, method, path, allowed):
    status, headers, answer = ask(method, path)

    assert (status, headers["allow"]) == (405, allowed)
    assert answer == {"error": f"this path takes {allowed} only"}


@pytest.mark.parametrize("path", ["/predict/1", "/Predict", "predict", "/predict?a=1"])
def test_other_paths_are_unknown(ask, path):
    known = ", ".join(route.partition(" ")[2] for route in app.ROUTES)

    status, _, answer = ask("POST", path)

    assert (status, answer) == (404, {"error": f"no such path; there are {known}"})


@pytest.mark.parametrize(
    ("route_key", "raw_path"),
    [
        pytest.param("POST /predict", "/prod/predict", id="stage in the path"),
        pytest.param("POST /predict", "/churn/v1/predict", id="custom domain"),
        pytest.param("$default", "/predict", id="default route"),
        pytest.param("$default", "/predict/", id="slash at the end"),
    ],
)
def test_route_is_found_behind_any_address(context, event, route_key, raw_path):
    sent = event(body='{"records": []}') | {"routeKey": route_key, "rawPath": raw_path}

    assert answer_of(sent, context)[1]["error"].startswith("records: ")


def test_health_says_which_model_serves(ask):
    status, headers, answer = ask("GET", "/health")

    assert (status, answer) == (200, {"status": "ok", "version": "20261122T090000Z-0123456789ab"})
    assert headers["x-model-version"] == "20261122T090000Z-0123456789ab"


def test_no_value_of_a_record_is_in_an_answer_or_a_line(ask, record, capsys):
    spoilt = [
        dict.fromkeys(record, CUSTOMER),
        record | {"tenure": CUSTOMER, "charges": [CUSTOMER]},
        {CUSTOMER: 1, "Tenure": CUSTOMER},
        record | {"contract": CUSTOMER, "paperless": {"a": CUSTOMER}},
        record | {"tenure": CUSTOMER},
        CUSTOMER,
    ]
    bodies = [
        json.dumps({"records": spoilt}),
        json.dumps({"records": [record, *spoilt], CUSTOMER: 1}),
        json.dumps({"records": CUSTOMER}),
        json.dumps({"records": [record], "threshold": CUSTOMER}),
        CUSTOMER,
        f'{{"a": "{CUSTOMER}", "a": "{CUSTOMER}\\ud800"}}',
    ]

    answers = [ask(body=body) for body in bodies]
    answers += [ask(body="{}", headers={"content-type": CUSTOMER, "accept": CUSTOMER})]
    answers += [ask(body=f'a\n"{CUSTOMER}"x', headers={"content-type": "text/csv"})]
    answers += [ask(CUSTOMER, f"/{CUSTOMER}", query={"threshold": CUSTOMER})]

    assert CUSTOMER not in json.dumps(answers)
    assert CUSTOMER not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "message", "reason"),
    [
        (
            (404, "NoSuchKey"),
            "no model has been published yet; publish one with `make train-upload`",
            "missing",
        ),
        (
            (403, "AccessDenied"),
            "the function may not read the model in S3; its log says what S3 answered",
            "forbidden",
        ),
        (
            (404, "NoSuchBucket"),
            "the function can't find its model: bucket, region, endpoint or certificates are "
            "misconfigured; its log says which",
            "misconfigured",
        ),
        (
            (503, "SlowDown"),
            "the model can't be reached at the moment; try again",
            "unavailable",
        ),
    ],
    ids=["missing", "forbidden", "misconfigured", "unavailable"],
)
def test_without_a_model_the_503_says_why(ask, record, s3, capsys, error, message, reason):
    s3.stored.error = error

    for method, path in (("POST", "/predict"), ("GET", "/model"), ("GET", "/health")):
        status, headers, answer = ask(method, path, {"records": [record]})
        assert (status, answer) == (503, {"error": message})
        assert headers["Retry-After"] == "5"
        assert "x-model-version" not in headers

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["Reason"] for line in lines if "route" in line} == {reason}


def test_bad_body_is_a_400_without_a_model_too(ask, s3):
    s3.stored.body = None

    assert ask(body="{")[0] == 400
    assert s3.requests == []


def test_corrupt_first_model_is_a_503(ask, record, s3, capsys):
    s3.stored.body = s3.stored.body[:-1]

    status, _, answer = ask(body={"records": [record]})

    _, line = capsys.readouterr().out.splitlines()
    assert (status, json.loads(line)["Reason"]) == (503, "unusable")
    assert answer == {
        "error": "what is published is no model that this function can use; "
        "publish one with `make train-upload`"
    }


def test_good_model_serves_on_when_the_next_is_corrupt(ask, record, s3, store, monkeypatch):
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", "0")
    before = ask(body={"records": [record]})
    s3.stored.body = b"<html>"

    assert ask(body={"records": [record]}) == before
    assert store().version == before[1]["x-model-version"]


def test_newer_model_takes_over(ask, s3, document, pack, monkeypatch):
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", "0")
    ask("GET", "/health")
    document["training_meta"]["version"] = "newer"
    s3.stored.body = pack(document)

    assert ask("GET", "/health")[1]["x-model-version"] == "newer"


def test_answer_and_line_name_the_model_that_answered(
    context, record, s3, store, document, pack, monkeypatch, capsys
):
    """A newer one may take over while the answer is made."""
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", "0")
    version = document["training_meta"]["version"]

    newer = {**document, "training_meta": {"version": "newer"}}

    class Record(dict):
        def __getitem__(self, name):
            s3.stored.body = pack(newer)
            store().get()
            return super().__getitem__(name)

    event = {"records": [Record(record)]}

    answer = app.lambda_handler(event, context)

    line = json.loads(capsys.readouterr().out)
    assert store().version == "newer"
    assert (answer["headers"]["x-model-version"], line["model_version"]) == (version, version)


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({}, "/bucket/models/telco_churn_light.json"),
        ({"MODEL_KEY": ""}, "/bucket/models/telco_churn_light.json"),
        ({"MODEL_KEY": "models/other.json"}, "/bucket/models/other.json"),
    ],
    ids=["default", "empty", "named"],
)
def test_bucket_and_key_come_from_the_environment(ask, s3, monkeypatch, variables, path):
    monkeypatch.delenv("MODEL_KEY", raising=False)
    for name, value in {"MODEL_BUCKET": "bucket", **variables}.items():
        monkeypatch.setenv(name, value)

    ask("GET", "/health")

    assert s3.requests[0].startswith(f"GET {path} HTTP/1.1")


@pytest.mark.parametrize(("seconds", "lookups"), [("0", 3), ("", 1), ("3600", 1)])
def test_interval_of_look_ups_comes_from_the_environment(ask, s3, monkeypatch, seconds, lookups):
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", seconds)

    for _ in range(3):
        ask("GET", "/health")

    assert len(s3.requests) == lookups


def test_fault_of_ours_is_a_500_that_gives_nothing_away(ask, record, s3, document, pack, capsys):
    document["training_meta"]["feature_means"] = CUSTOMER  # which nothing checks before it is used
    s3.stored.body = pack(document)

    status, _, answer = ask(body={"records": [record], "reasons": 1})

    line = json.loads(capsys.readouterr().out)
    assert (status, answer) == (
        500,
        {"error": "something went wrong on our side; the log has it under x-request-id"},
    )
    assert line["fault"][0].startswith("TypeError: app.")
    assert "inference.advice.reasons." in line["fault"][0]
    assert (line["ServerErrors"], line["status"]) == (1, 500)
    assert CUSTOMER not in json.dumps(line)


def test_setting_that_is_no_number_is_a_fault(ask, record, monkeypatch):
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", "often")

    assert ask(body={"records": [record]})[0] == 500


EVENTS = sorted((ROOT / "events").glob("*.json"))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_event_file_gets_an_answer(context, path, tmp_path, monkeypatch):
    (tmp_path / "page.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))

    response = app.lambda_handler(json.loads(path.read_text(encoding="utf-8")), context)

    assert response["statusCode"] < 500


COUNTED = {
    "customers": 1,
    "features": [
        {"edges": [72.0], "counts": [0, 1, 0, 0]},
        {"edges": [118.75], "counts": [0, 1, 0, 0]},
        {"counts": [1, 0, 0, 0]},
        {"counts": [0, 1, 0, 0]},
    ],
    "scores": {"edges": [0.5], "counts": [0, 1], "leavers": [0, 1]},
}


def read_lines(capsys, event):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line.get("event") == event]


def test_scored_customers_are_counted_from_the_second_request_on(
    s3, document, pack, ask, record, monkeypatch, capsys
):
    monkeypatch.setattr("inference.monitoring.recorder.LINE_S", 0)
    s3.stored.body = pack(document | {"reference": COUNTED})
    records = [record | {"charges": 20 + place / 2} for place in range(120)]

    first = ask(body={"records": records[:60]})
    assert not app.open_recorder.cache_info().currsize
    second = ask(body={"records": records[60:]})

    assert [first[0], second[0]] == [200, 200]
    [line] = read_lines(capsys, "customer_counts")
    assert line["customers"] == 120
    assert line["features"] == [[0, 120, 0, 0], [0, 120, 0, 0], [120, 0, 0, 0], [0, 120, 0, 0]]


@pytest.fixture
def count(s3, document, pack, ask, record, monkeypatch, capsys):
    """Return the function that asks about 200 customers, and returns how many were counted."""
    monkeypatch.setattr("inference.monitoring.recorder.LINE_S", 0)
    s3.stored.body = pack(document | {"reference": COUNTED})
    records = [record | {"charges": 20 + place / 2} for place in range(200)]

    def ask_twice(**more):
        for half in (records[:100], records[100:]):
            assert ask(body={"records": half}, **more)[0] == 200
        return sum(line["customers"] for line in read_lines(capsys, "customer_counts"))

    return ask_twice


def test_customers_that_the_deploy_hook_makes_up_are_not_counted(count, context):
    context.client_context = SimpleNamespace(**PURPOSE)

    assert count() == 0


@pytest.mark.parametrize("said", [None, {}, {"purpose": "something else"}, "deploy_check"])
def test_other_direct_callers_are_counted(count, context, said):
    context.client_context = SimpleNamespace(custom=said)

    assert count() == 200


def test_a_caller_of_the_api_is_counted_whatever_it_says(count):
    said = base64.b64encode(json.dumps(PURPOSE).encode()).decode()

    assert count(headers={"x-amz-client-context": said, "user-agent": "deploy-hook"}) == 200


def test_what_cannot_be_counted_is_answered_all_the_same(s3, document, pack, ask, record, capsys):
    s3.stored.body = pack(document | {"reference": {"scores": {}}})

    answers = [ask(body={"records": [record]}) for _ in range(2)]

    assert [status for status, _, _ in answers] == [200, 200]
    [line] = read_lines(capsys, "not_counted")
    assert line["level"] == "WARN"
    assert line["fault"][0].startswith("KeyError: app._count:")
