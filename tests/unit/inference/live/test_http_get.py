import socket
import time

import pytest

from inference.errors import StorageError
from inference.live.http_get import http_get, open_plain
from inference.live.s3_address import Address
from inference.live.s3_answer import MAX_BODY_BYTES

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"ETag: \"e\"\r\nTransfer-Encoding: Chunked\r\n\r\n"  # fmt: skip


def get(port, seconds=5.0, first_byte_s=None):
    address = Address("http", f"127.0.0.1:{port}", "/b/k")
    now = time.monotonic()
    first_byte_by = now + (first_byte_s or seconds)
    return http_get(address, {"host": "h", "a": "1"}, open_plain, first_byte_by, now + seconds)


def in_pieces(*pieces):
    def send(connection, _answer):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.01)

    return send


def test_request_asks_for_one_answer_only(fake_s3):
    fake_s3.answers = [OK + b"Content-Length: 0\r\n\r\n"]

    get(fake_s3.port)

    assert fake_s3.requests == ["GET /b/k HTTP/1.1\r\nhost: h\r\na: 1\r\nconnection: close\r\n\r\n"]


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"ETag: \"e\"\r\nCONTENT-LENGTH: 5\r\n\r\nmodel",
        OK + b"ETag:\"e\"  \r\nContent-Length: 5\r\n\r\nmodel and what nobody asked for",
        in_pieces(OK + b"ETag: \"e\"\r", b"\nContent-Length: 5\r\n\r", b"\nmo", b"del"),
        CHUNKED + b"3\r\nmod\r\n2;x=y\r\nel\r\n0\r\n\r\n",
        in_pieces(CHUNKED, b"5", b"\r\nmo", b"del\r", b"\n0\r\n"),
        in_pieces(CHUNKED + b"5\r\nmode", b"l\r\n0\r", b"\n"),
    ],
    ids=["length", "too much", "in pieces", "chunked", "chunks in pieces", "in other pieces"],
)  # fmt: skip
def test_body_is_read_whole(fake_s3, answer):
    fake_s3.answers = [answer]

    status, headers, body = get(fake_s3.port)

    assert (status, headers["etag"], body) == (200, '"e"', b"model")


def test_not_modified_has_no_body_whatever_its_length_says(fake_s3):
    fake_s3.answers = [b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"]

    assert get(fake_s3.port) == (304, {"content-length": "5"}, b"")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", "closed before the answer was whole"),
        (OK + b"Content-Length: 6\r\n\r\nmodel", "closed before the answer was whole"),
        (CHUNKED + b"5\r\nmod", "closed before the answer was whole"),
        (CHUNKED + b"5", "closed before the answer was whole"),
        (CHUNKED + b"-5\r\n", "the answer isn't HTTP/1.1"),
        (CHUNKED + b"\r\n", "the answer isn't HTTP/1.1"),
        (CHUNKED + b"0" * 70_000, "the answer isn't HTTP/1.1"),
        (OK + b"Content-Length: five\r\n\r\nmodel", "the answer isn't HTTP/1.1"),
        (OK + b"\r\nmodel", "the answer isn't HTTP/1.1"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer isn't HTTP/1.1"),
        (b"SSH-2.0 200\r\n\r\n", "the answer isn't HTTP/1.1"),
        (OK + b"a" * 70_000, "the answer isn't HTTP/1.1"),
    ],
    ids=[
        "nothing",
        "cut off",
        "cut off in a chunk",
        "cut off before a chunk",
        "negative chunk",
        "nameless chunk",
        "endless head of a chunk",
        "length no number",
        "no length",
        "no status",
        "other protocol",
        "endless headers",
    ],
)
def test_an_answer_that_may_not_be_whole_is_an_error(fake_s3, answer, message):
    fake_s3.answers = [answer]

    with pytest.raises(ConnectionError) as caught:
        get(fake_s3.port)

    assert str(caught.value) == message


HALF = MAX_BODY_BYTES // 2


def in_chunks(*sizes):
    chunks = (b"%X\r\n%s\r\n" % (size, b"x" * size) for size in sizes)
    return CHUNKED + b"".join(chunks) + b"0\r\n"


def with_length(size):
    return OK + b"Content-Length: %d\r\n\r\n%s" % (size, b"x" * size)


@pytest.mark.parametrize(
    "answer", [with_length(MAX_BODY_BYTES), in_chunks(HALF, HALF)], ids=["length", "chunks"]
)
def test_a_body_may_be_as_large_as_the_limit(fake_s3, answer):
    fake_s3.answers = [answer]

    assert len(get(fake_s3.port)[2]) == MAX_BODY_BYTES


@pytest.mark.parametrize(
    "answer",
    [
        with_length(MAX_BODY_BYTES + 1),
        in_chunks(MAX_BODY_BYTES + 1),
        in_chunks(HALF, HALF, 1),
        OK + b"Content-Length: 99999999\r\n\r\n",
        CHUNKED + b"FFFFFFF\r\n",
    ],
    ids=["length", "chunk", "chunks", "promised length", "promised chunk"],
)
def test_a_body_over_the_limit_is_not_read(fake_s3, answer):
    fake_s3.answers = [answer]

    with pytest.raises(StorageError) as caught:
        get(fake_s3.port)

    assert caught.value.reason == "misconfigured"
    assert str(caught.value) == f"the object is larger than {MAX_BODY_BYTES} bytes"


def test_a_drip_ends_at_the_deadline(fake_s3):
    fake_s3.answers = [fake_s3.drip]
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        get(fake_s3.port, seconds=0.15)

    assert time.monotonic() - started < 0.3


def test_an_answer_that_does_not_begin_ends_before_the_deadline(fake_s3):
    fake_s3.answers = [fake_s3.hang]
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        get(fake_s3.port, seconds=5, first_byte_s=0.05)

    assert time.monotonic() - started < 1


def test_a_body_has_the_time_until_the_deadline_once_its_head_is_there(fake_s3):
    def send_late(connection, _answer):
        connection.sendall(OK + b"Content-Length: 5\r\n\r\n")
        time.sleep(0.3)
        connection.sendall(b"model")

    fake_s3.answers = [send_late]

    assert get(fake_s3.port, seconds=5, first_byte_s=0.2)[2] == b"model"


def test_a_head_that_is_not_whole_by_then_is_too_late(fake_s3):
    def send_late(connection, _answer):
        connection.sendall(OK + b"Content-Length: 5\r\n")
        time.sleep(0.3)
        connection.sendall(b"\r\nmodel")

    fake_s3.answers = [send_late]

    with pytest.raises(TimeoutError):
        get(fake_s3.port, seconds=5, first_byte_s=0.2)


def test_without_time_nothing_is_tried(fake_s3):
    with pytest.raises(TimeoutError):
        get(fake_s3.port, seconds=-1)

    assert fake_s3.requests == []


def test_nobody_listening_is_an_os_error():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(ConnectionRefusedError):
        get(port)
