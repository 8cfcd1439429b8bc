import base64
import json
from pathlib import Path

import pytest

from comparison.questions import ask_http, make_questions, name_route, read_events

EVENTS = Path(__file__).parents[4] / "events"


def test_every_request_of_a_folder_is_read(tmp_path):
    (tmp_path / "b.json").write_text('{"b": 1}')
    (tmp_path / "a.json").write_text('{"a": 1}')
    (tmp_path / "notes.txt").write_text("no request")

    assert read_events(tmp_path) == [("a", {"a": 1}), ("b", {"b": 1})]


def test_questions_about_a_model_are_understood(handler):
    model = json.loads(handler(ask_http("GET", "/model"))["body"])

    answers = {name: handler(event) for name, event in make_questions(model["features"])}

    assert {name: answer["statusCode"] for name, answer in answers.items()} == {
        "one customer": 200,
        "many customers": 200,
        "many, with reasons": 200,
        "many, with economics": 200,
        "many, answered as CSV": 200,
        "many, as CSV": 200,
        "many, as CSV, answered as JSON": 200,
        "customers with mistakes": 200,
        "customers with mistakes, as CSV": 200,
        "what-if": 200,
    }
    tables = [
        name for name, answer in answers.items() if "csv" in answer["headers"]["content-type"]
    ]
    assert tables == [
        "many, answered as CSV",
        "many, as CSV",
        "customers with mistakes, as CSV",
    ]
    assert len(json.loads(answers["many customers"]["body"])["predictions"]) == 100
    assert len(answers["many, as CSV"]["body"].splitlines()) == 101


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("predict_one_ok", "POST /predict"),
        ("whatif_ok", "POST /whatif"),
        ("openapi_ok", "GET /openapi.json"),
        ("bare_records_ok", "POST /predict"),
    ],
)
def test_route_of_an_event_is_known(name, route):
    assert name_route(dict(read_events(EVENTS))[name]) == route


def test_event_is_what_the_gateway_would_send(handler):
    asked = ask_http("POST", "/predict", "a,b\n1,2\n", content_type="text/csv")
    encoded = asked | {
        "body": base64.b64encode(asked["body"].encode()).decode(),
        "isBase64Encoded": True,
    }

    assert handler(asked)["statusCode"] == 422  # it is read, and has none of the model's fields
    assert handler(encoded) == handler(asked)
