import gzip
from base64 import b64decode

import pytest

from inference.errors import TooLargeError
from inference.http_api.document_response import document_response
from inference.http_api.request import Request

CONTENT = "<p>déjà vu</p>".encode()
# printf '<p>déjà vu</p>' | sha256sum | cut -c 1-32
ETAG = 'W/"cb1c6a7f6a888cc83f8d9d20836fbfe2"'


@pytest.fixture
def respond():
    """Return the function from a request's headers and a document to the event of its response."""

    def send(content=CONTENT, **headers):
        request = Request("GET /")
        request.headers = {name.replace("_", "-"): text for name, text in headers.items()}
        return document_response(request, content, "text/html").to_event()

    return send


def test_document_comes_as_it_is_to_a_caller_who_asks_for_no_compression(respond):
    event = respond()

    assert (event["statusCode"], event["isBase64Encoded"]) == (200, True)
    assert b64decode(event["body"]) == CONTENT
    assert event["headers"] == {
        "content-type": "text/html",
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
        "etag": ETAG,
        "vary": "accept-encoding",
    }


def test_document_comes_compressed_where_that_is_accepted(respond):
    event = respond(accept_encoding="deflate, gzip;q=0.5, br")

    body = b64decode(event["body"])
    assert event["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(body) == CONTENT
    assert body[4:8] == bytes(4)  # no time in it (RFC 1952): the same bytes whenever it is sent
    assert event["headers"]["etag"] == ETAG


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_document_is_not_compressed_for_others(respond, accepted):
    event = respond(accept_encoding=accepted)

    assert "content-encoding" not in event["headers"]


@pytest.mark.parametrize("known", [ETAG, ETAG[2:], f'"other", {ETAG}', "*"])
def test_caller_who_has_it_gets_no_document(respond, known):
    event = respond(if_none_match=known, accept_encoding="gzip")

    assert (event["statusCode"], event["body"], event["headers"]["etag"]) == (304, "", ETAG)
    assert "isBase64Encoded" not in event
    assert "content-encoding" not in event["headers"]


@pytest.mark.parametrize("known", ['"other"', "", ETAG[2:-1]])
def test_caller_who_has_another_gets_this_one(respond, known):
    assert respond(if_none_match=known)["statusCode"] == 200


def test_etag_follows_the_content(respond):
    assert respond(CONTENT + b".")["headers"]["etag"] != ETAG


def test_document_that_lambda_cannot_send_is_refused(respond):
    with pytest.raises(TooLargeError, match="larger than Lambda sends"):
        respond(bytes(5_000_000))

    assert respond(bytes(5_000_000), accept_encoding="gzip")["statusCode"] == 200
