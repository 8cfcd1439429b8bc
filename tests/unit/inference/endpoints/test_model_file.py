import gzip
from base64 import b64decode

import pytest

import app

OPEN, OFF = {"page": "open"}, {"page": "none"}


@pytest.fixture
def get(store, context, event):  # noqa: ARG001 (the handler finds the store by itself)
    """Return the function that asks for the model file."""

    def send(stage_variables=OPEN, **headers):
        sent = event("GET", "/model/file", headers=headers, stage_variables=stage_variables)
        return app.lambda_handler(sent, context)

    return send


def test_file_comes_byte_for_byte(get, s3):
    answer = get()

    assert answer["statusCode"] == 200
    assert b64decode(answer["body"]) == s3.stored.body
    assert answer["headers"]["content-type"] == "application/json"
    assert answer["headers"]["x-model-version"] == "20261122T090000Z-0123456789ab"


def test_file_comes_compressed(get, s3):
    answer = get(**{"accept-encoding": "gzip"})

    assert gzip.decompress(b64decode(answer["body"])) == s3.stored.body


def test_file_that_the_caller_has_is_not_sent_again(get, document, pack, s3, monkeypatch):
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", "0")
    etag = get()["headers"]["etag"]

    again = get(**{"if-none-match": etag})
    document["schema"]["threshold"] = 0.4
    s3.stored.body = pack(document)
    newer = get(**{"if-none-match": etag})

    assert (again["statusCode"], again["body"]) == (304, "")
    assert (newer["statusCode"], b64decode(newer["body"])) == (200, s3.stored.body)


def test_there_is_no_file_without_a_model(get, s3):
    s3.stored.body = None

    assert get()["statusCode"] == 503


def test_there_is_no_file_where_the_page_is_switched_off(get):
    answer = get(stage_variables=OFF)

    assert (answer["statusCode"], "ServePage" in answer["body"]) == (404, True)


def test_emulator_without_stage_variables_gets_the_file(get):
    assert get(stage_variables=None)["statusCode"] == 200
