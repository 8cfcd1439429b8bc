"""The fault table of docs/operations.md, row by row, against moto's S3 over a real connection."""

import json
import socket
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from inference.errors import ArtifactError, ModelUnavailableError
from inference.live.s3 import make_fetcher
from inference.live.store import ModelStore
from inference.scoring.artifact import load_artifact

BUCKET, KEY, REGION = "fault-models", "models/live.json", "us-east-2"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
DEADLINE_S = 0.8
TOO_LONG_S = 2 * DEADLINE_S  # leaves a busy machine some room
OPERATIONS = Path(__file__).parents[2] / "docs/operations.md"


class FaultProxy:
    """Does to the n-th connection what the n-th fault says, and the last one to all further ones.

    A fault takes the client's connection, and a function that gives moto's answer.
    """

    def __init__(self, target_url):
        self.faults = [pass_on]
        self.connections = 0
        self._target = (urlsplit(target_url).hostname, urlsplit(target_url).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def set_faults(self, *faults):
        self.faults, self.connections = faults, 0

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                fault = self.faults[min(self.connections, len(self.faults) - 1)]
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection, fault), daemon=True).start()

    def _serve(self, connection, fault):
        with suppress(OSError), connection:
            request = connection.recv(65536)
            fault(connection, lambda: self._forward(request))

    def _forward(self, request):
        answer = b""
        with socket.create_connection(self._target) as upstream:
            upstream.sendall(request)
            while not is_whole(answer):
                answer += upstream.recv(65536)
        return answer.replace(b"keep-alive", b"close")


def is_whole(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0
    return end and len(body) >= int(length)


def pass_on(connection, answer):
    connection.sendall(answer())


def refuse(status, code):
    def fault(connection, _answer):
        body = f"<Error><Code>{code}</Code></Error>"
        head = f"HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())

    return fault


def hang(_connection, _answer):
    time.sleep(3 * DEADLINE_S)


def drip(connection, answer):
    head, end, body = answer().partition(b"\r\n\r\n")
    connection.sendall(head + end)
    for byte in body[: int(30 * DEADLINE_S)]:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def cut_off(connection, answer):
    connection.sendall(answer()[:-100])


def reset(connection, answer):
    connection.sendall(answer()[:-100])
    time.sleep(0.02)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def change_a_byte(connection, answer):
    connection.sendall(answer().replace(b'"threshold":0.5', b'"threshold":0.6'))


def rewrite(body, key, value):
    """Return the file with another value, and the digest as it was."""
    return json.dumps({**json.loads(body), key: value}, separators=(",", ":")).encode()


THROTTLED, BROKEN = refuse(503, "SlowDown"), refuse(500, "InternalError")
# What happens on the wire, and what is stored instead of the live model (None: nothing).
FAULTS = {
    "none": ([pass_on], bytes),
    "404, nothing published or deleted": ([pass_on], None),
    "403, not allowed": ([refuse(403, "AccessDenied")], bytes),
    "500 once, then fine": ([BROKEN, pass_on], bytes),
    "503 once, then fine": ([THROTTLED, pass_on], bytes),
    "500 for good": ([BROKEN], bytes),
    "503 for good": ([THROTTLED], bytes),
    "hang once, then fine": ([hang, pass_on], bytes),
    "hang for good": ([hang], bytes),
    "body drips byte by byte": ([drip], bytes),
    "body cut off once, then fine": ([cut_off, pass_on], bytes),
    "body cut off for good": ([cut_off], bytes),
    "connection reset once, then fine": ([reset, pass_on], bytes),
    "connection reset for good": ([reset], bytes),
    "a byte of the body changed": ([change_a_byte], bytes),
    "object is not a model": ([pass_on], lambda _live: b"<html>"),
    "unknown format version": ([pass_on], lambda live: rewrite(live, "format_version", 99)),
    "wrong digest": ([pass_on], lambda live: rewrite(live, "digest", "sha256:" + 64 * "0")),
}


def read_table():
    """Return the documented rows: fault -> (cold, warm, reason)."""
    section = OPERATIONS.read_text().partition("## When S3 fails")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {fault: tuple(outcome) for fault, *outcome in rows}


@pytest.fixture(scope="module")
def bucket(s3_url):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CREDENTIALS, "NO_PROXY": "*"}.items():
            patch.setenv(name, value)
        resource = boto3.resource("s3", endpoint_url=s3_url, region_name=REGION)
        bucket = resource.Bucket(BUCKET)
        bucket.create(CreateBucketConfiguration={"LocationConstraint": REGION})
        yield bucket


@pytest.fixture(scope="module")
def proxy(s3_url):
    proxy = FaultProxy(s3_url)
    yield proxy
    proxy.stop()


@pytest.fixture(scope="module", params=["signed here", "boto3"])
def fetch(request, proxy, bucket):  # noqa: ARG001 (the bucket and boto3's credentials are there)
    found = CREDENTIALS if request.param == "signed here" else {}
    environment = {"AWS_REGION": REGION, "AWS_ENDPOINT_URL_S3": proxy.url, **found}
    return make_fetcher(environment, BUCKET, KEY)


@pytest.fixture(scope="module")
def models(linear, trees):
    """The first model, and the newer one that is live."""
    return linear, trees


class Observer:
    """One function's store, and what a caller and a reader of the log see of it."""

    def __init__(self, fetch):
        self.reasons = []
        self.slept_s = 0.0
        options = {"refresh_s": 0, "deadline_s": DEADLINE_S, "on_failure": self._note}
        self.store = ModelStore(fetch, load_artifact, clock=self._clock, **options)

    def ask(self, live_version):
        started = time.monotonic()
        try:
            is_live = self.store.get().version == live_version
            outcome = "200, live model" if is_live else "200, last good model"
        except ModelUnavailableError as error:
            outcome = str(error.status)
        assert time.monotonic() - started < TOO_LONG_S
        return outcome

    def _clock(self):
        return time.time() + self.slept_s

    def _note(self, error):
        self.reasons.append("unusable" if isinstance(error, ArtifactError) else error.reason)


def put(bucket, body):
    live = bucket.Object(KEY)
    live.delete() if body is None else live.put(Body=body)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_shows_as_documented(fault, fetch, proxy, bucket, models):
    first, live = models
    wire, store_instead = FAULTS[fault]
    put(bucket, first.path.read_bytes())
    proxy.set_faults(pass_on)
    warm, cold = Observer(fetch), Observer(fetch)
    assert warm.ask(first.version) == "200, live model"

    put(bucket, store_instead(live.path.read_bytes()) if store_instead else None)
    outcomes = []
    for observer in (cold, warm):
        proxy.set_faults(*wire)
        outcomes.append(observer.ask(live.version))

    *expected, reason = read_table()[fault]
    assert outcomes == expected
    assert warm.reasons == cold.reasons == ([reason] if reason else [])
    assert warm.store.refresh_failures == len(warm.reasons)

    put(bucket, live.path.read_bytes())
    proxy.set_faults(pass_on)
    warm.slept_s = cold.slept_s = 1.0  # the pause after one failure
    assert [warm.ask(live.version), cold.ask(live.version)] == ["200, live model"] * 2


def test_every_fault_is_documented():
    assert list(read_table()) == list(FAULTS)


def test_an_unchanged_model_is_not_sent_again(fetch, proxy, bucket, linear):
    put(bucket, linear.path.read_bytes())
    proxy.set_faults(pass_on)
    first = fetch(None, 5.0)

    again = fetch(first.etag, 5.0)

    assert first.body == linear.path.read_bytes()
    assert (again.body, again.etag) == (None, first.etag)
    assert abs(first.modified - time.time()) < 60
