"""Bodies made to break the handler: each gets a clear answer, and in time."""

import base64
import gzip
import json
from time import perf_counter

import pytest

import app

pytestmark = pytest.mark.usefixtures("store")

LIMIT_S = 2  # within which any request has its answer

HOSTILE = {
    "no body": ("", {}, 400),
    "no JSON": ("records=1", {}, 400),
    "cut off": ('{"records": [{"tenure": 1', {}, 400),
    "list": ("[]", {}, 400),
    "null": ("null", {}, 400),
    "no records": ('{"customers": []}', {}, 400),
    "empty records": ('{"records": []}', {}, 400),
    "records is an object": ('{"records": {}}', {}, 400),
    "threshold as text": ('{"records": [{}], "threshold": "0.5"}', {}, 400),
    "threshold above 1": ('{"records": [{}], "threshold": 1.01}', {}, 400),
    "BOM": ('\ufeff{"records": [{}]}', {}, 400),
    "NaN": ('{"records": [{"tenure": NaN}]}', {}, 400),
    "duplicate key": ('{"records": [{"tenure": 1, "tenure": 2}]}', {}, 400),
    "duplicate records": ('{"records": [{}], "records": [{}]}', {}, 400),
    "100,000 lists deep": ('{"records": ' + "[" * 100_000 + "]" * 100_000 + "}", {}, 400),
    "100,000 objects deep": ('{"records": [' + '{"a":' * 100_000 + "1" + "}" * 100_001, {}, 400),
    "never closed": ("[" * 100_000, {}, 400),
    "5,000 digits": ('{"records": [{"tenure": ' + "9" * 5000 + "}]}", {}, 400),
    "5,000 digits as text": ('{"records": [{"tenure": "' + "9" * 5000 + '"}]}', {}, 422),
    "4,900,000 digits as text": ('{"records": [{"tenure": "' + "9" * 4_900_000 + '"}]}', {}, 422),
    "4,900,000 spaces": ('{"records": [{"tenure": "' + " " * 4_900_000 + 'x"}]}', {}, 422),
    "lone surrogate": ('{"records": [{"contract": "\ud800"}]}', {}, 400),
    "escaped lone surrogate": ('{"records": [{"contract": "\\ud800"}]}', {}, 400),
    "too many records": (json.dumps({"records": [{}] * 10_001}), {}, 413),
    "too many bytes": ('{"records": [{"tenure": "' + "9" * 5_000_000 + '"}]}', {}, 413),
    "too many objects": ('{"records": [' + "{}," * 1_600_000 + "{}]}", {}, 413),
    "300,000 fields": (
        '{"records": [{' + ",".join(f'"f{n}":1' for n in range(300_000)) + "}]}",
        {},
        422,
    ),
    "10,000 empty records": (json.dumps({"records": [{}] * 10_000}), {}, 422),
    "10,000 misspelt records": (json.dumps({"records": [{"Tenure": 1}] * 10_000}), {}, 422),
    "300,000 options": (
        '{"records": [{}],' + ",".join(f'"t{n}":1' for n in range(300_000)) + "}",
        {},
        422,
    ),
    "100,000 members and one of them twice": (
        '{"records": [{' + ",".join(f'"f{n}":1' for n in range(100_000)) + ',"f99999":2}]}',
        {},
        400,
    ),
    "form": ("records=1", {"content-type": "application/x-www-form-urlencoded"}, 415),
    "plain text": ("{}", {"content-type": "text/plain"}, 415),
    "wrong charset": ("{}", {"content-type": "application/json; charset=utf-16"}, 415),
    "said to be gzip": ("{}", {"content-encoding": "gzip"}, 415),
    "CSV of nothing": ("", {"content-type": "text/csv"}, 400),
    "CSV header only": ("tenure\n", {"content-type": "text/csv"}, 400),
    "CSV of 5,000,000 line ends": ("\n" * 5_000_000, {"content-type": "text/csv"}, 400),
    "CSV of 5,000,000 commas": ("," * 5_000_000, {"content-type": "text/csv"}, 400),
    "CSV of 2,000,000 rows": ("a\n" * 2_000_000, {"content-type": "text/csv"}, 413),
    "CSV never closed": ('a\n"' + "x" * 1_000_000, {"content-type": "text/csv"}, 400),
}


@pytest.mark.parametrize(("body", "headers", "status"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_body_gets_a_clear_answer_in_time(ask, body, headers, status):
    started_s = perf_counter()

    got, _, answer = ask(body=body, headers=headers)

    assert perf_counter() - started_s < LIMIT_S
    assert got == status
    assert isinstance(answer["error"], str)
    assert len(answer["error"]) < 200
    assert len(answer.get("errors", [])) <= 100


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(gzip.compress(b'{"records": []}'), 400, id="gzip"),
        pytest.param('{"records": []}'.encode("utf-16"), 400, id="UTF-16"),
        pytest.param('{"a": "é"}'.encode("latin-1"), 400, id="Latin-1"),
        pytest.param(b"\xef\xbb\xbf{}", 400, id="BOM"),
        pytest.param(b"\x00" * 1000, 400, id="zeros"),
        pytest.param(b" " * 6_000_001, 413, id="too many bytes"),
    ],
)
def test_hostile_bytes_get_a_clear_answer(context, event, content, status):
    body = base64.b64encode(content).decode()

    response = app.lambda_handler(event() | {"body": body, "isBase64Encoded": True}, context)

    assert response["statusCode"] == status
    assert json.loads(response["body"])["error"].startswith("body: ")
