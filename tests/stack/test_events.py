"""Every file in events/ is a request as the gateway sends it, and comes out as its name says."""

import json
import re
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import app
from model.page.document import build_served_document

EVENTS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / "events").glob("*.json"))
}
DIRECT = {"bare_records_ok", "scheduled_event_400"}  # invocations that no gateway sends
HTTP_EVENTS = sorted(set(EVENTS) - DIRECT)
YES_NO = ["No", "Yes"]
ADD_ON = ["No", "No internet service", "Yes"]
# The IBM table's columns with made-up weights: here it matters what is answered, not how likely.
CATEGORIES = {
    "gender": ["Female", "Male"],
    "Partner": YES_NO,
    "Dependents": YES_NO,
    "PhoneService": YES_NO,
    "MultipleLines": ["No", "No phone service", "Yes"],
    "InternetService": ["DSL", "Fiber optic", "No"],
    "OnlineSecurity": ADD_ON,
    "OnlineBackup": ADD_ON,
    "DeviceProtection": ADD_ON,
    "TechSupport": ADD_ON,
    "StreamingTV": ADD_ON,
    "StreamingMovies": ADD_ON,
    "Contract": ["Month-to-month", "One year", "Two year"],
    "PaperlessBilling": YES_NO,
    "PaymentMethod": [
        "Bank transfer (automatic)",
        "Credit card (automatic)",
        "Electronic check",
        "Mailed check",
    ],
}
NUMBERS = {  # name: blank, mean, scale, largest
    "SeniorCitizen": (0.0, 0.2, 0.4, 1.0),
    "tenure": (29.0, 32.0, 25.0, 72.0),
    "MonthlyCharges": (70.0, 65.0, 30.0, 119.0),
    "TotalCharges": (1400.0, 2300.0, 2300.0, 8700.0),
}
SHARES = [[1 / len(values)] * len(values) for values in CATEGORIES.values()]


def model_file():
    document = {
        "format_version": 2,
        "artifact": {
            "numeric_features": list(NUMBERS),
            "numeric_imputer_medians": [blank for blank, *_ in NUMBERS.values()],
            "numeric_means": [mean for _, mean, *_ in NUMBERS.values()],
            "numeric_scales": [scale for _, _, scale, _ in NUMBERS.values()],
            "categorical_features": list(CATEGORIES),
            "categories": list(CATEGORIES.values()),
            "coef": [[0.1] * (len(NUMBERS) + sum(map(len, SHARES)))],
            "intercept": [-1.0],
        },
        "schema": {
            "target": "Churn",
            "labels": ["No", "Yes"],
            "threshold": 0.5,
            "id": "customerID",
            "features": [number(name, *facts) for name, facts in NUMBERS.items()]
            + [category(name, values) for name, values in CATEGORIES.items()],
        },
        "training_meta": {
            "version": "20261122T090000Z-0123456789ab",
            "feature_means": {
                "numeric": [mean for _, mean, *_ in NUMBERS.values()],
                "categorical": SHARES,
            },
        },
    }
    rest = json.dumps(document, separators=(",", ":"))[1:].encode()
    return b'{"digest":"sha256:%s",%s' % (sha256(rest).hexdigest().encode(), rest)


def number(name, blank, _mean, _scale, largest):
    facts = {"name": name, "kind": "number", "blank": blank, "min": 0.0, "max": largest}
    return facts | {"changeable": False}


def category(name, values):
    facts = {"name": name, "kind": "category", "blank": values[0], "categories": values}
    return facts | {"changeable": name == "Contract"}


class OneModel(BaseHTTPRequestHandler):
    """S3 with one object, whatever the key."""

    def do_GET(self):
        body = model_file()
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def handler(tmp_path_factory):
    """The function's handler with a model to load, and a page to send."""
    package = tmp_path_factory.mktemp("package")
    (package / "page.html").write_text(build_served_document(), "utf-8")
    server = HTTPServer(("127.0.0.1", 0), OneModel)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    environment = {
        "MODEL_BUCKET": "models-of-this-test",
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
        "LAMBDA_TASK_ROOT": str(package),
        "AWS_REGION": "us-east-2",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        app.open_store.cache_clear()
        yield app.lambda_handler
    app.open_store.cache_clear()
    server.shutdown()
    thread.join()
    server.server_close()


def promised_status(name):
    digits = re.search(r"_(\d{3})$", name)
    return int(digits[1]) if digits else 200


@pytest.mark.parametrize("name", EVENTS)
def test_name_says_the_outcome(name):
    assert re.search(r"_(ok|warns|partial|4\d\d)$", name)


@pytest.mark.parametrize("name", EVENTS)
def test_outcome_is_what_the_name_says(handler, name):
    answer = handler(EVENTS[name], None)

    assert answer["statusCode"] == promised_status(name)


@pytest.mark.parametrize("name", [name for name in EVENTS if promised_status(name) != 200])
def test_refusal_says_why_in_one_line(handler, name):
    answer = json.loads(handler(EVENTS[name], None)["body"])

    assert re.fullmatch(r".{10,300}", answer["error"])


def test_warning_names_the_field(handler):
    answer = json.loads(handler(EVENTS["unseen_category_warns"], None)["body"])

    assert [warning["field"] for warning in answer["warnings"]] == ["PaymentMethod"]


def test_partial_answer_keeps_the_good_records(handler):
    answer = json.loads(handler(EVENTS["one_bad_of_three_partial"], None)["body"])

    assert [prediction is None for prediction in answer["predictions"]] == [False, True, False]
    assert [(error["record"], error["field"]) for error in answer["errors"]] == [(1, "tenure")]


def test_reasons_are_the_three_strongest_of_each_record(handler):
    answer = json.loads(handler(EVENTS["reasons_ok"], None)["body"])

    for reasons in answer["reasons"]:
        sizes = [abs(reason["effect"]) for reason in reasons]
        assert (len(sizes), sizes) == (3, sorted(sizes, reverse=True))
    assert answer["unit"] == "log-odds"


def test_economics_rank_who_earns_something(handler):
    answer = json.loads(handler(EVENTS["economics_ok"], None)["body"])

    gains = [p * 0.3 * (600 - 50) - (1 - p) * 50 for p in answer["predictions"]]
    worth = sorted((index for index in range(3) if gains[index] > 0), key=lambda i: -gains[i])
    assert answer["expected_gain"] == pytest.approx(gains)
    assert answer["offers"]["records"] == worth


def test_what_if_changes_only_what_may_change(handler):
    answer = json.loads(handler(EVENTS["whatif_ok"], None)["body"])

    assert {field for change in answer["changes"] for field in change["changes"]} <= {"Contract"}
    assert (answer["tried"], answer["possible"]) == (2, 2)


@pytest.mark.parametrize("name", HTTP_EVENTS)
def test_event_is_a_whole_http_api_request(name):
    event = EVENTS[name]
    http = event["requestContext"]["http"]

    facts = (event["version"], http["path"], event["requestContext"]["routeKey"])

    assert facts == ("2.0", event["rawPath"], event["routeKey"])
    assert event["headers"]["host"] == event["requestContext"]["domainName"]
    assert http["userAgent"] == event["headers"]["user-agent"]
    assert ("body" in event) == (http["method"] == "POST")


@pytest.mark.parametrize("name", HTTP_EVENTS)
def test_event_took_a_route_of_the_stack_or_none(stack, name):
    event = EVENTS[name]
    paths = stack["Resources"]["ChurnApi"]["Properties"]["Body"]["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    asked = f"{event['requestContext']['http']['method']} {event['rawPath']}"

    assert event["routeKey"] == (asked if asked in routes else "$default")


def test_every_route_of_the_stack_has_an_event(stack):
    paths = stack["Resources"]["ChurnApi"]["Properties"]["Body"]["paths"]

    assert {event.get("rawPath") for event in EVENTS.values()} >= set(paths)
