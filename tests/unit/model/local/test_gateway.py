"""Expected events follow the developer guide's example of payload format 2.0."""

import base64
import json

import pytest

from inference.http_api.request import MAX_BODY_BYTES, MAX_EVENT_BYTES
from model.local.gateway import (
    Request,
    Response,
    build_event,
    is_too_large,
    read_answer,
)

JSON = ("Content-Type", "application/json")


def without_the_unforeseeable(event):
    context = event["requestContext"]
    return event | {
        "requestContext": {
            name: value
            for name, value in context.items()
            if name not in {"requestId", "time", "timeEpoch"}
        }
    }


def test_post_becomes_a_payload_2_0_event():
    request = Request(
        "POST",
        "/predict?a=1&b=&a=%20x",
        [("Host", "api.local:80"), JSON, ("Accept", "a"), ("ACCEPT", "b"), ("Cookie", "c=1; d=2")],
        b'{"records": []}',
    )

    event = build_event(request)

    assert without_the_unforeseeable(event) == {
        "version": "2.0",
        "routeKey": "POST /predict",
        "rawPath": "/predict",
        "rawQueryString": "a=1&b=&a=%20x",
        "cookies": ["c=1", "d=2"],
        "headers": {"host": "api.local:80", "content-type": "application/json", "accept": "a,b"},
        "queryStringParameters": {"a": "1, x", "b": ""},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": "api.local:80",
            "domainPrefix": "api",
            "http": {
                "method": "POST",
                "path": "/predict",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "",
            },
            "routeKey": "POST /predict",
            "stage": "$default",
        },
        "stageVariables": {"page": "open"},
        "body": '{"records": []}',
        "isBase64Encoded": False,
    }


def test_get_has_neither_body_nor_query_nor_cookies():
    event = build_event(Request("GET", "/health"))

    assert {"body", "cookies", "queryStringParameters"}.isdisjoint(event)


def test_every_request_has_an_id_of_its_own():
    first, second = (build_event(Request("GET", "/")) for _ in range(2))

    assert first["requestContext"]["requestId"] != second["requestContext"]["requestId"]


@pytest.mark.parametrize(
    ("target", "path"),
    [("/a%20b", "/a b"), ("//host/x", "//host/x"), ("/%ff", "/\ufffd"), ("*", "*")],
)
def test_path_arrives_decoded(target, path):
    assert build_event(Request("GET", target))["rawPath"] == path


@pytest.mark.parametrize(
    ("content_type", "is_base64"),
    [
        ("application/json", False),
        ("Application/JSON; charset=utf-8", False),
        ("application/xml", False),
        ("text/csv", False),
        ("application/x-www-form-urlencoded", True),
        ("application/octet-stream", True),
        ("", True),
    ],
)
def test_only_text_bodies_arrive_as_they_are(content_type, is_base64):
    event = build_event(Request("POST", "/", [("content-type", content_type)], "é".encode()))

    expected = base64.b64encode("é".encode()).decode() if is_base64 else "é"
    assert (event["isBase64Encoded"], event["body"]) == (is_base64, expected)


def test_json_that_is_not_utf_8_arrives_as_base64():
    event = build_event(Request("POST", "/", [JSON], b"\xff"))

    assert (event["isBase64Encoded"], event["body"]) == (True, "/w==")


def test_event_above_lambdas_limit_is_too_large():
    empty = build_event(Request("POST", "/", [JSON], b"x"))
    room = MAX_EVENT_BYTES - len(json.dumps(empty, separators=(",", ":"))) + 1

    at_limit, above = (empty | {"body": "x" * size} for size in (room, room + 1))

    assert (is_too_large(at_limit), is_too_large(above)) == (False, True)


@pytest.mark.parametrize(
    ("text", "size_bytes", "is_refused"),
    [
        ("x" * 19 + '"', MAX_BODY_BYTES, False),
        ("xxx" + '"', MAX_BODY_BYTES, False),
        ("xx" + '"', MAX_BODY_BYTES, True),
        ("x" * 19 + '"', 6_200_000, True),
    ],
    ids=["few quotes", "a quarter", "a third", "more than we promise"],
)
def test_body_that_the_function_takes_reaches_it_unless_quotes_double_it(
    text, size_bytes, is_refused
):
    body = (text * (size_bytes // len(text))).encode()

    assert is_too_large(build_event(Request("POST", "/predict", [JSON], body))) is is_refused


@pytest.mark.parametrize(
    ("answer", "response"),
    [
        pytest.param(
            {"statusCode": 201, "headers": {"content-type": "a/b", "x-n": 1}, "body": "é"},
            Response(201, {"content-type": "a/b", "x-n": "1"}, "é".encode()),
            id="proxy answer",
        ),
        pytest.param(
            {"statusCode": "204", "cookies": ["a=1"]},
            Response(204, {"content-type": "text/plain;charset=UTF-8"}, b"", ("a=1",)),
            id="no body",
        ),
        pytest.param(
            {"statusCode": 200, "isBase64Encoded": True, "body": "AAE="},
            Response(200, {"content-type": "text/plain;charset=UTF-8"}, b"\x00\x01"),
            id="base64",
        ),
        pytest.param(
            {"predictions": [0.5]},
            Response(200, {"content-type": "application/json"}, b'{"predictions":[0.5]}'),
            id="no status: the body itself",
        ),
    ],
)
def test_answer_becomes_the_response(answer, response):
    assert read_answer(answer) == response


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": "ok"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "isBase64Encoded": True, "body": "§"},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "body": "x" * (MAX_EVENT_BYTES + 1)},
    ],
    ids=["status", "body", "base64", "headers", "too large"],
)
def test_unusable_answer_is_a_500(answer):
    assert read_answer(answer) == Response(
        500, {"content-type": "application/json"}, b'{"message":"Internal Server Error"}'
    )
