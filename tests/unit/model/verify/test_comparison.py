"""The API answers from the model itself, but for what a test changes in its answer."""

import json
from types import SimpleNamespace

import pytest
import requests

from inference.endpoints.predict import build_answer
from inference.scoring.batch import score_records
from model.errors import VerifyError
from model.verify import comparison as module
from model.verify.comparison import await_version, verify

VERSION = "20261122T090000Z-0123456789ab"


class FakeApi:
    """An API client whose API serves the model; `change` gets each answer before it is sent."""

    predict_url = "https://x.org/predict"

    def __init__(self, artifact):
        self.artifact = artifact
        self.status = 200
        self.versions = [artifact.version]
        self.change = lambda answer: answer
        self.asked = []

    def post(self, records):
        self.asked.append(records)
        batch = score_records(self.artifact, records)
        answer = self.change(build_answer(self.artifact, records, batch))
        response = requests.Response()
        response.status_code = self.status
        response.url = self.predict_url
        response._content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        version = self.versions.pop(0) if len(self.versions) > 1 else self.versions[0]
        if version:
            response.headers["x-model-version"] = version
        return response


@pytest.fixture
def api(artifact):
    return FakeApi(artifact)


def test_answer_about_complete_customers_is_returned(api, artifact, record):
    blank = record | {"charges": None}

    answer = verify(api, artifact, [record, blank, record])

    assert answer == {"predictions": [pytest.approx(0.8581489350995123)] * 2, "labels": [1, 1]}
    assert api.asked == [[record, record], [blank]]


def test_customer_with_a_blank_is_always_asked_about(api, artifact, record):
    verify(api, artifact, [record])

    assert api.asked == [[record], [record | {"charges": None}]]


def test_customers_with_blanks_only_are_enough(api, artifact, record):
    blank = record | {"charges": None}

    answer = verify(api, artifact, [blank])

    assert sorted(answer) == ["labels", "predictions", "warnings"]
    assert api.asked == [[blank]]


def answer_with(**members):
    return lambda answer: answer | members


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (answer_with(predictions=[0.5]), r"predictions\[0\]: off the local model's by 3\.6e-01, m"),
        (answer_with(predictions=[]), "predictions: expected 1 numbers"),
        (answer_with(predictions=[None]), "predictions: expected 1 numbers"),
        (answer_with(predictions=[True]), "predictions: expected 1 numbers"),
        (answer_with(predictions="0.8"), "predictions: expected 1 numbers"),
        (answer_with(labels=[0]), "labels: not what the local model says"),
        (answer_with(extra=1), "the answer has extra, labels, predictions; expected labels, pred"),
        (lambda answer: {"labels": answer["labels"]}, "the answer has labels; expected labels, p"),
        (lambda _: [1], "the answer isn't a JSON object"),
        (lambda _: b"<html>", "the answer isn't JSON"),
    ],
    ids=[
        "other probability",
        "too few",
        "null",
        "boolean",
        "text",
        "other label",
        "member too many",
        "member missing",
        "list",
        "html",
    ],
)
def test_any_other_answer_is_an_error(api, artifact, record, change, message):
    api.change = change

    with pytest.raises(VerifyError, match=rf"^https://x\.org/predict: {message}"):
        verify(api, artifact, [record])


def test_missing_warning_about_a_blank_is_an_error(api, artifact, record):
    api.change = lambda answer: {key: value for key, value in answer.items() if key != "warnings"}

    with pytest.raises(VerifyError, match="the answer has labels, predictions; expected labels, p"):
        verify(api, artifact, [record])


def test_rounding_noise_is_no_error(api, artifact, record):
    api.change = lambda answer: (
        answer | {"predictions": [value + 1e-15 for value in answer["predictions"]]}
    )

    assert verify(api, artifact, [record])


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (503, {"error": "no model has been published."}, "503: no model has been published."),
        (403, {"message": "Forbidden"}, "403: Forbidden"),
        (500, b"<html>" + b"x" * 500, "500: <html>" + "x" * 194),
    ],
    ids=["ours", "gateway's", "neither"],
)
def test_status_other_than_200_is_told_with_the_apis_words(api, record, status, body, told):
    api.status, api.change = status, lambda _: body

    with pytest.raises(VerifyError) as raised:
        verify(api, api.artifact, [record])
    assert str(raised.value) == f"https://x.org/predict: answered {told}"


def test_answer_without_a_version_is_an_error(api, artifact, record):
    api.versions = [None]

    with pytest.raises(VerifyError, match=r"answered without x-model-version; is this the API\?"):
        verify(api, artifact, [record])


def test_another_version_is_an_error(api, artifact, record):
    api.versions = ["v0"]

    with pytest.raises(VerifyError, match=f"serves v0, not {VERSION}"):
        verify(api, artifact, [record])


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only when it is waited for."""
    clock = SimpleNamespace(now=0.0)

    def sleep(seconds):
        clock.now += seconds

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    return clock


def test_version_is_waited_for(api, artifact, record, clock):
    api.versions = ["v0", "v0", VERSION]
    told = []

    await_version(api, artifact, [record], 90.0, told.append)

    assert (told, clock.now) == (["v0", "v0"], 4.0)


@pytest.mark.usefixtures("clock")
def test_waiting_for_a_version_has_an_end(api, artifact, record):
    api.versions = ["v0"]

    with pytest.raises(VerifyError, match=f"serves v0, not {VERSION}; publish that, or wait long"):
        await_version(api, artifact, [record], 10.0, lambda _: None)
    assert len(api.asked) == 6  # at 0, 2, 4, 6, 8 and 10 s
