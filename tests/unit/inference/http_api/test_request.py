import base64

import pytest

from inference.errors import BodyError, MediaTypeError, TooLargeError
from inference.http_api.request import body_media_type, body_text, read_request


def request_with(headers=None, body=None, is_base64=False):
    event = {"requestContext": {"http": {"method": "POST"}}, "headers": headers, "body": body}
    return read_request(event | {"isBase64Encoded": is_base64})


def test_http_event_becomes_a_request(event):
    sent = event("POST", "/predict", "{}", headers={"X-Own": "1"}, query={"threshold": "0.5"})

    request = read_request(sent)

    assert (request.method, request.path, request.route_key) == (
        "POST",
        "/predict",
        "POST /predict",
    )
    assert request.headers == {"content-type": "application/json", "accept": "*/*", "x-own": "1"}
    assert request.query == {"threshold": "0.5"}
    assert (request.body, request.is_base64, request.document) == ("{}", False, None)


def test_direct_invocation_is_a_request_as_well():
    request = read_request({"records": [1]})

    assert (request.method, request.path) == ("POST", "/predict")
    assert request.document == {"records": [1]}
    assert (request.body, request.is_base64) == (None, False)


@pytest.mark.parametrize(
    "event",
    [
        None,
        {},
        [],
        "records",
        5,
        {"Records": [{"eventSource": "aws:s3"}]},
        {"source": "aws.events", "detail": {}},
        {"httpMethod": "POST", "path": "/predict", "body": "{}"},
        {"requestContext": {}},
        {"requestContext": None},
        {"requestContext": {"http": None}},
    ],
    ids=str,
)
def test_any_other_event_is_refused(event):
    with pytest.raises(BodyError) as caught:
        read_request(event)

    assert caught.value.message == (
        'event: expected an HTTP API 2.0 request or {"records": [...]}; see docs/api.md'
    )


def test_http_event_with_senseless_parts_is_an_empty_request():
    senseless = {
        "routeKey": 1,
        "rawPath": [],
        "headers": {"a": 1, "B": "x"},
        "queryStringParameters": "q",
        "body": 5,
        "isBase64Encoded": "yes",
        "stageVariables": {"page": None, "issuer": "x"},
        "requestContext": {"http": {"method": None}},
    }

    request = read_request(senseless)

    assert (request.method, request.path, request.route_key) == ("", "/", "")
    assert (request.headers, request.query, request.is_base64) == ({"b": "x"}, {}, False)
    assert request.stage_variables == {"issuer": "x"}


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("application/json", "application/json"),
        ("Application/JSON; Charset=UTF-8", "application/json"),
        ('application/json;charset="utf8"', "application/json"),
        ("application/json; charset=us-ascii", "application/json"),
        ("text/csv; charset=Windows-1252", "text/csv"),
        ("text/csv; header=present", "text/csv"),
    ],
)
def test_content_type_names_the_form(content_type, media_type):
    headers = {} if content_type is None else {"content-type": content_type}

    assert body_media_type(request_with(headers)) == media_type


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            {"content-type": "application/x-www-form-urlencoded"},
            "content-type: expected application/json or text/csv; "
            "with curl, add -H 'content-type: application/json'",
        ),
        (
            {"content-type": "application/jsonp"},
            "content-type: expected application/json or text/csv; "
            "with curl, add -H 'content-type: application/json'",
        ),
        (
            {"content-type": "application/json; charset=utf-16"},
            "content-type: expected charset utf-8",
        ),
        (
            {"content-type": "text/csv; charset=latin-1"},
            "content-type: expected charset utf-8",
        ),
        (
            {"content-encoding": "gzip"},
            "content-encoding: expected none; send the body uncompressed",
        ),
    ],
)
def test_other_types_charsets_and_encodings_are_refused(headers, message):
    with pytest.raises(MediaTypeError) as caught:
        body_media_type(request_with(headers))

    assert caught.value.message == message


def test_identity_is_no_encoding():
    assert body_media_type(request_with({"content-encoding": "Identity"})) == "application/json"


@pytest.mark.parametrize("text", ["{}", "caf\u00e9 \U0001f600"])
def test_body_is_text_or_base64_of_it(text):
    encoded = base64.b64encode(text.encode()).decode()

    assert body_text(request_with(body=text)) == text
    assert body_text(request_with(body=encoded, is_base64=True)) == text


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16"])
def test_table_may_be_in_windows_1252_or_utf_16(encoding):
    encoded = base64.b64encode("a;b\nZoë;1 €\n".encode(encoding)).decode()
    request = request_with(body=encoded, is_base64=True)

    assert body_text(request, is_table=True) == "a;b\nZoë;1 €\n"
    with pytest.raises(BodyError, match="body: expected UTF-8 text"):
        body_text(request)


def test_table_that_is_utf8_in_part_is_refused():
    encoded = base64.b64encode("Zoë".encode() + b"\xeb").decode()

    with pytest.raises(BodyError, match="body: expected UTF-8 text"):
        body_text(request_with(body=encoded, is_base64=True), is_table=True)


@pytest.mark.parametrize(
    ("body", "is_base64", "message"),
    [
        pytest.param(None, False, "the request has no body; docs/api.md shows one", id="none"),
        pytest.param("", False, "the request has no body; docs/api.md shows one", id="empty"),
        pytest.param({}, False, "the request has no body; docs/api.md shows one", id="no text"),
        pytest.param("a\ud800", False, "body: expected UTF-8 text", id="lone surrogate"),
        pytest.param("/9j/", True, "body: expected UTF-8 text", id="bytes that are no text"),
        pytest.param("H4sIAAAAAAAA", True, "body: expected UTF-8 text", id="gzip"),
        pytest.param("e30", True, "body: expected base64, as the event says", id="no padding"),
        pytest.param("{}", True, "body: expected base64, as the event says", id="no base64"),
        pytest.param("\u00e9", True, "body: expected base64, as the event says", id="no ASCII"),
    ],
)
def test_body_that_is_no_text_is_refused(body, is_base64, message):
    with pytest.raises(BodyError) as caught:
        body_text(request_with(body=body, is_base64=is_base64))

    assert caught.value.message == message


def test_body_may_have_5_000_000_bytes_and_no_more():
    assert len(body_text(request_with(body="x" * 5_000_000))) == 5_000_000

    for body in ("x" * 5_000_001, "\u00e9" * 2_500_001):
        with pytest.raises(TooLargeError) as caught:
            body_text(request_with(body=body))
        assert caught.value.message == "body: expected at most 5,000,000 bytes"
