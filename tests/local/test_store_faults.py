"""The fault table of docs/operations.md, row by row, by both ways of asking S3."""

import json
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from fake_s3 import CREDENTIALS, FakeS3, refuse

from inference.errors import ModelUnavailableError, StorageError, find_reason
from inference.live.s3 import make_fetcher
from inference.live.store import ModelStore
from inference.scoring.artifact import load_artifact

BUCKET, KEY = "fault-models", "models/live.json"
DEADLINE_S = 0.8
TOO_LONG_S = 2 * DEADLINE_S  # leaves a busy machine some room
OPERATIONS = Path(__file__).parents[2] / "docs/operations.md"


def pass_on(connection, answer):
    connection.sendall(answer)


def hang(connection, _answer):
    connection.recv(1)  # until the other side gives up


def drip(connection, answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    connection.sendall(head + end)
    for byte in body[: int(30 * DEADLINE_S)]:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def cut_off(connection, answer):
    connection.sendall(answer[:-100])


def reset(connection, answer):
    connection.sendall(answer[:-100])
    time.sleep(0.02)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def change_a_byte(connection, answer):
    connection.sendall(answer.replace(b'"threshold":0.5', b'"threshold":0.6'))


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
    "a byte of the body changed once, then fine": ([change_a_byte, pass_on], bytes),
    "a byte of the body changed for good": ([change_a_byte], bytes),
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
def s3():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CREDENTIALS, "NO_PROXY": "*"}.items():
            patch.setenv(name, value)
        server = FakeS3()
        yield server
        server.stop()


@pytest.fixture(scope="module", params=["signed here", "boto3"])
def fetch(request, s3):
    environment = dict(s3.environment)
    if request.param == "boto3":
        for name in CREDENTIALS:
            del environment[name]  # boto3 finds them in the process's own
    fetch = make_fetcher(environment, BUCKET, KEY)
    with suppress(StorageError):  # there is nothing yet, and loading boto3's client takes long
        fetch(None, DEADLINE_S)
    return fetch


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
        self.reasons.append(find_reason(error))


def set_faults(s3, *faults):
    """Let the n-th connection meet the n-th fault, and all further ones the last."""
    s3.answers, s3.otherwise = list(faults[:-1]), faults[-1]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_shows_as_documented(fault, fetch, s3, models):
    first, live = models
    wire, store_instead = FAULTS[fault]
    s3.stored.body = first.path.read_bytes()
    set_faults(s3, pass_on)
    warm, cold = Observer(fetch), Observer(fetch)
    assert warm.ask(first.version) == "200, live model"

    s3.stored.body = store_instead(live.path.read_bytes()) if store_instead else None
    outcomes = []
    for observer in (cold, warm):
        set_faults(s3, *wire)
        outcomes.append(observer.ask(live.version))

    *expected, reason = read_table()[fault]
    assert outcomes == expected
    assert warm.reasons == ([reason] if reason else [])
    assert cold.reasons == (warm.reasons if outcomes[0] == "503" else [])
    assert warm.store.take_failures() == len(warm.reasons)

    s3.stored.body = live.path.read_bytes()
    set_faults(s3, pass_on)
    warm.slept_s = cold.slept_s = 1.0  # the pause after one failure
    assert [warm.ask(live.version), cold.ask(live.version)] == ["200, live model"] * 2


def test_every_fault_is_documented():
    assert list(read_table()) == list(FAULTS)


def test_an_unchanged_model_is_not_sent_again(fetch, s3, linear):
    s3.stored.body, s3.stored.modified = linear.path.read_bytes(), 1_795_000_000.0
    set_faults(s3, pass_on)
    first = fetch(None, 5.0)

    again = fetch(first.etag, 5.0)

    assert (first.body, first.modified) == (linear.path.read_bytes(), 1_795_000_000.0)
    assert (again.body, again.etag) == (None, first.etag)
