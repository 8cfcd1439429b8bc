"""A model small enough to work out by hand, and the handler with that model behind a fake S3."""

import copy
import json
from hashlib import sha256
from types import SimpleNamespace

import pytest
from fake_s3 import FakeS3, Stored

import app
from inference.scoring.artifact import load_artifact

# log-odds = -0.5 - 0.8 (tenure - 30) / 20 + 0.4 (charges - 60) / 30 + contract + paperless
DOCUMENT = {
    "format_version": 2,
    "artifact": {
        "numeric_features": ["tenure", "charges"],
        "numeric_imputer_medians": [29.0, 70.5],
        "numeric_means": [30.0, 60.0],
        "numeric_scales": [20.0, 30.0],
        "categorical_features": ["contract", "paperless"],
        "categories": [["Month-to-month", "Two year"], ["No", "Yes"]],
        "coef": [[-0.8, 0.4, 0.9, -0.7, -0.2, 0.2]],
        "intercept": [-0.5],
    },
    "schema": {
        "target": "Churn",
        "labels": ["No", "Yes"],
        "threshold": 0.5,
        "id": "customerID",
        "features": [
            {
                "name": "tenure",
                "kind": "number",
                "blank": 29.0,
                "min": 0.0,
                "max": 72.0,
                "changeable": False,
            },
            {
                "name": "charges",
                "kind": "number",
                "blank": 70.5,
                "min": 18.25,
                "max": 118.75,
                "changeable": True,
            },
            {
                "name": "contract",
                "kind": "category",
                "blank": "Month-to-month",
                "categories": ["Month-to-month", "Two year"],
                "changeable": True,
            },
            {
                "name": "paperless",
                "kind": "category",
                "blank": "Yes",
                "categories": ["No", "Yes"],
                "changeable": True,
            },
        ],
    },
    "training_meta": {
        "version": "20261122T090000Z-0123456789ab",
        "trained_at": "2026-11-22T09:00:00Z",
        "served": "LogisticRegression",
        "metrics": {"auc": 0.84},
        "feature_means": {"numeric": [32.0, 65.0], "categorical": [[0.6, 0.4], [0.25, 0.75]]},
    },
}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
RECORD = {"tenure": 10, "charges": 90, "contract": "Month-to-month", "paperless": "Yes"}


@pytest.fixture
def document():
    """The content of a model file, without its digest; free to be changed."""
    return copy.deepcopy(DOCUMENT)


@pytest.fixture
def pack():
    """Return the function from a model file's content to its bytes."""
    return _pack


@pytest.fixture
def artifact(document):
    return load_artifact(_pack(document))


@pytest.fixture
def record():
    """A clean record: log-odds 1.8."""
    return dict(RECORD)


@pytest.fixture
def s3(document):
    """The S3 that the handler asks; `s3.stored` is what it has."""
    server = FakeS3()
    server.stored.body = _pack(document)
    server.others["monitoring/state.json"] = Stored(None)
    yield server
    server.stop()


@pytest.fixture
def store(monkeypatch, s3):
    """The handler's store, new, with `s3` behind it."""
    for name in ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SESSION_TOKEN", *PROXIES):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**s3.environment, "MODEL_BUCKET": "models"}.items():
        monkeypatch.setenv(name, value)
    app.open_store.cache_clear()
    app.open_recorder.cache_clear()
    app.open_comparison.cache_clear()
    app.open_state.cache_clear()
    app.first_scored.clear()
    yield app.open_store
    app.open_store.cache_clear()


@pytest.fixture
def context():
    return SimpleNamespace(
        aws_request_id="request-1", function_name="predict", function_version="7"
    )


@pytest.fixture
def event():
    """Return the function from a request to its HTTP API event."""
    return _make_event


@pytest.fixture
def ask(store, context):  # noqa: ARG001 (the handler finds the store by itself)
    """Return the function that sends a request and returns status, headers and parsed answer."""

    def send(method="POST", path="/predict", body=None, **more):
        answer = app.lambda_handler(_make_event(method, path, body, **more), context)
        is_json = answer["headers"]["content-type"] == "application/json"
        content = json.loads(answer["body"]) if is_json else answer["body"]
        return answer["statusCode"], answer["headers"], content

    return send


def _make_event(
    method="POST", path="/predict", body=None, *, headers=None, query=None, stage_variables=None
):
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "headers": {"content-type": "application/json", "accept": "*/*", **(headers or {})},
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    if query:
        event["queryStringParameters"] = query
    if stage_variables:
        event["stageVariables"] = stage_variables
    return event


def _pack(document):
    rest = json.dumps(document, separators=(",", ":"))[1:].encode()
    return b'{"digest":"sha256:%s",' % sha256(rest).hexdigest().encode() + rest
