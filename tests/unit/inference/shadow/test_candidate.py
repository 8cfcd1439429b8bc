"""The shadow is looked up behind the scenes; a test waits for what a look-up does."""

import threading

import pytest

from inference.errors import StorageError
from inference.live.s3_answer import S3Object
from inference.shadow.candidate import Candidate

REFRESH_S, DEADLINE_S = 300, 5  # as docs/shadow.md says
WAIT_S = 5


class Shelf:
    """What stands at the shadow's key, and who looked for it: (ETag, deadline)."""

    def __init__(self):
        self.content = StorageError("S3 answered 404", "missing")
        self.asked = []
        self.now_s = 1_000.0
        self.failures = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.candidate = Candidate(self.fetch, self.failures.append, lambda: self.now_s)
        self.other_threads = {*threading.enumerate()}

    def put(self, body, etag="e1"):
        self.content = S3Object(body, etag, None)

    def fetch(self, etag, deadline_s):
        self.asked.append((etag, deadline_s))
        self.may_answer.wait(WAIT_S)
        if isinstance(self.content, Exception):
            raise self.content
        same = etag == self.content.etag
        return S3Object(None, etag, None) if same else self.content

    def peek(self):
        """Return what is known once a look-up that this may have begun has ended."""
        known = self.candidate.peek()
        for thread in {*threading.enumerate()} - self.other_threads:
            thread.join(WAIT_S)
        return self.candidate.peek() or known


@pytest.fixture
def shelf():
    return Shelf()


def test_shadow_is_found_by_one_look(shelf, document, pack):
    shelf.put(pack(document))

    shelf.peek()

    assert shelf.candidate.peek().version == document["training_meta"]["version"]
    assert shelf.asked == [(None, DEADLINE_S)]


def test_nobody_waits_for_a_slow_bucket(shelf, document, pack):
    shelf.put(pack(document))
    shelf.may_answer.clear()

    assert shelf.candidate.peek() is None
    assert shelf.candidate.peek() is None
    shelf.may_answer.set()
    assert shelf.peek() is not None


def test_shadow_is_looked_up_again_when_its_time_is_over(shelf, document, pack):
    shelf.put(pack(document))
    shelf.peek()
    shelf.now_s += REFRESH_S - 1
    shelf.peek()
    assert len(shelf.asked) == 1
    shelf.now_s += 1
    kept = shelf.peek()

    assert kept.version == document["training_meta"]["version"]
    assert shelf.asked == [(None, DEADLINE_S), ("e1", DEADLINE_S)]


def test_newer_shadow_takes_over(shelf, document, pack):
    shelf.put(pack(document))
    shelf.peek()
    document["training_meta"]["version"] = "20261125T090000Z-0123456789ab"
    shelf.put(pack(document), "e2")
    shelf.now_s += REFRESH_S

    assert shelf.peek().version == "20261125T090000Z-0123456789ab"


def test_no_shadow_is_no_failure_and_ends_the_last_one(shelf, document, pack):
    shelf.put(pack(document))
    shelf.peek()
    shelf.content = StorageError("S3 answered 404", "missing")
    shelf.now_s += REFRESH_S
    shelf.peek()

    assert shelf.candidate.peek() is None
    assert shelf.failures == []


@pytest.mark.parametrize("content", [b"{", b'{"format_version": 99}'], ids=["broken", "unknown"])
def test_shadow_that_cannot_be_loaded_is_told_once(shelf, content):
    shelf.put(content)

    assert shelf.peek() is None
    assert shelf.peek() is None
    assert [type(error).__name__ for error in shelf.failures] == ["ArtifactError"]


def test_bucket_that_fails_is_told(shelf):
    shelf.content = StorageError("S3 answered 403", "forbidden")

    assert shelf.peek() is None
    assert [error.reason for error in shelf.failures] == ["forbidden"]


def test_clock_that_goes_back_is_a_reason_to_look(shelf):
    shelf.peek()
    shelf.now_s -= 10
    shelf.peek()

    assert len(shelf.asked) == 2


def test_dropped_shadow_comes_back_with_the_next_look(shelf, document, pack):
    shelf.put(pack(document))
    shelf.peek()
    shelf.candidate.drop()

    gone = shelf.candidate.peek()
    shelf.now_s += REFRESH_S

    assert gone is None
    assert shelf.peek() is not None
    assert shelf.asked == [(None, DEADLINE_S)] * 2
