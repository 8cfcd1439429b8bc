import http.client
import json
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from model.errors import ModelError
from model.local.api_server import serve_api
from model.local.gateway import MAX_REQUEST_BYTES

CLIENTS = 50
REQUESTS_EACH = 20
TIMEOUT_S = 10


def echo(event, context):
    """Answer with what the test wants to see of the event."""
    seen = {"path": event["rawPath"], "body": event.get("body")}
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-request": context.aws_request_id},
        "cookies": ["a=1"],
        "body": json.dumps(seen),
    }


@pytest.fixture
def api():
    with serve_api(echo) as url:
        yield url


@pytest.fixture
def connection(api):
    connection = http.client.HTTPConnection(urlsplit(api).netloc, timeout=TIMEOUT_S)
    yield connection
    connection.close()


def ask(connection, method, path, body=None, headers=None):
    connection.request(method, path, body, headers or {"content-type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def send_raw(api, request):
    """Send bytes that no client library would, and return all that comes back."""
    address = urlsplit(api)
    with socket.create_connection((address.hostname, address.port), TIMEOUT_S) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_requests_share_a_connection(connection):
    first = ask(connection, "POST", "/predict", "1")
    socket_before = connection.sock
    second = ask(connection, "GET", "/health")

    assert first == (200, b'{"path": "/predict", "body": "1"}')
    assert second == (200, b'{"path": "/health", "body": null}')
    assert connection.sock is socket_before


def test_response_carries_headers_and_cookies(connection):
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.headers["content-type"] == "application/json"
    assert response.headers["set-cookie"] == "a=1"
    assert response.headers["x-request"]


def test_head_has_no_body(connection):
    assert ask(connection, "HEAD", "/") == (200, b"")


def test_handler_that_raises_is_a_500(capsys):
    def fail(_event, _context):
        raise ValueError("a customer's value")

    with serve_api(fail) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S)
        answer = ask(connection, "GET", "/")
        connection.close()

    assert answer == (500, b'{"message":"Internal Server Error"}')
    assert capsys.readouterr().err == "the function failed: ValueError\n"


@pytest.mark.parametrize(
    ("size_bytes", "status"),
    [
        pytest.param(MAX_REQUEST_BYTES + 1, 413, id="above the gateway's limit"),
        pytest.param(MAX_REQUEST_BYTES, 413, id="above Lambda's limit"),
        pytest.param(1000, 200, id="small"),
    ],
)
def test_size_of_a_request_is_bounded(connection, size_bytes, status):
    assert ask(connection, "POST", "/", b"x" * size_bytes)[0] == status


@pytest.mark.parametrize(
    ("header", "status_line"),
    [
        (b"content-length: 1e3", b"HTTP/1.1 400 Bad Request"),
        (b"content-length: -1", b"HTTP/1.1 400 Bad Request"),
        ("content-length: ²".encode(), b"HTTP/1.1 400 Bad Request"),
        (b"transfer-encoding: chunked", b"HTTP/1.1 411 Length Required"),
    ],
)
def test_body_of_unknown_length_ends_the_connection(api, header, status_line):
    answer = send_raw(api, b"POST / HTTP/1.1\r\nhost: x\r\n" + header + b"\r\n\r\n")

    assert answer.splitlines()[0] == status_line
    assert b"connection: close" in answer


def test_client_that_leaves_harms_no_one(api, connection, capfd):
    address = urlsplit(api)
    for _ in range(5):
        with socket.create_connection((address.hostname, address.port)) as leaver:
            leaver.sendall(b"POST / HTTP/1.1\r\ncontent-length: 100\r\n\r\nhalf")

    assert ask(connection, "GET", "/") == (200, b'{"path": "/", "body": null}')
    assert capfd.readouterr().err == ""


def test_fifty_clients_at_once_get_their_own_answers(api):
    wrong = []

    def ask_often(client):
        connection = http.client.HTTPConnection(urlsplit(api).netloc, timeout=TIMEOUT_S)
        for number in range(REQUESTS_EACH):
            name = f"{client}-{number}"
            answer = ask(connection, "POST", f"/{name}", name)
            if answer != (200, json.dumps({"path": f"/{name}", "body": name}).encode()):
                wrong.append(answer)
        connection.close()

    threads = [threading.Thread(target=ask_often, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_handler_works_on_one_request_at_a_time():
    was_alone = []
    at_work = threading.Lock()

    def watch(_event, _context):
        was_alone.append(at_work.acquire(blocking=False))
        time.sleep(0.01)
        at_work.release()
        return {}

    with serve_api(watch) as url:
        connections = [
            http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S) for _ in range(10)
        ]
        for connection in connections:
            connection.request("GET", "/")
        for connection in connections:
            connection.getresponse().read()
            connection.close()

    assert was_alone == [True] * 10


def test_watcher_is_told_of_each_answer_and_of_what_the_function_printed(capsys):
    def talk(_event, _context):
        print("a line\nanother")
        return {"statusCode": 422}

    told = []
    with serve_api(talk, watch=told.append) as url:
        send_raw(url, b"POST /predict?threshold=1 HTTP/1.1\r\nconnection: close\r\n\r\n")
        send_raw(url, b"POST /predict HTTP/1.1\r\ncontent-length: -1\r\n\r\n")

    known = [(item.method, item.path, item.status, item.log) for item in told]
    assert known == [
        ("POST", "/predict", 422, ("a line", "another")),
        ("POST", "/predict", 400, ()),
    ]
    assert all(0 < item.duration_s < TIMEOUT_S for item in told)
    assert capsys.readouterr().out == ""


def test_without_a_watcher_the_function_prints_for_itself(capsys):
    with serve_api(lambda _event, _context: print("a line")) as url:
        send_raw(url, b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n")

    assert capsys.readouterr().out == "a line\n"


def test_taken_port_is_named(api):
    port = urlsplit(api).port

    with pytest.raises(ModelError) as caught, serve_api(echo, port=port):
        pass

    assert str(caught.value) == f"port {port}: can't be used (Address already in use)"
