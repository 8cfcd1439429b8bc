"""The monitor's last state: what is left of a window, and what is told of it."""

import json
import threading

import pytest

from inference.errors import StorageError
from inference.live.s3_answer import S3Object
from inference.monitoring.last_state import LastState
from inference.monitoring.state import describe_state

DEADLINE_S = 1  # of a look-up: GET /model waits no longer
VERSION = "20261122T090000Z-0123456789ab"
REFRESH_S = 60.0
NOT_KNOWN = "whether customers of the same score leave as often as in training; only outcomes tell"
ESTIMATES = {"auc": {"value": 0.8, "low": 0.7, "high": 0.9}}
TENURE = {
    "name": "tenure",
    "counts": [0, 300, 0, 0],
    "blank": 0.0,
    "blank_in_training": 0.0,
    "outside": 0.0,
    "p": 0.5,
    "q": 0.5,
    "psi": 0.01,
    "psi_critical": 0.02,
    "moved": 0.01,
    "drifted": False,
}
CONTRACT = {
    "name": "contract",
    "counts": [30, 30, 240, 0],
    "blank": 0.0,
    "blank_in_training": 0.0,
    "unseen": 0.8,
    "p": 1e-9,
    "q": 2e-9,
    "psi": 3.0,
    "psi_critical": 0.02,
    "moved": 0.8,
    "drifted": True,
}
TOLD_CONTRACT = {
    name: CONTRACT[name]
    for name in ("name", "moved", "psi", "psi_critical", "q", "blank", "blank_in_training")
} | {"unseen": 0.8}


def make_window(**changes):
    verdict = {
        "customers": 300,
        "is_judged": True,
        "fields": [TENURE, CONTRACT],
        "drifted": ["contract"],
        "alarm": [],
        "estimates": ESTIMATES,
    }
    return {"day": "2026-11-24", "lines": 3, "damaged": 0, "versions": {VERSION: verdict | changes}}


@pytest.mark.parametrize(
    ("changes", "verdict", "fields"),
    [
        ({"fields": [TENURE], "drifted": []}, "like_training", []),
        ({}, "drifted", [TOLD_CONTRACT | {"alarm": False}]),
        ({"alarm": ["contract"]}, "alarm", [TOLD_CONTRACT | {"alarm": True}]),
        ({"is_judged": False, "fields": [TENURE], "drifted": []}, "not_judged", []),
    ],
    ids=["at rest", "drifted", "alarm", "too few"],
)
def test_state_has_the_verdict_and_the_figures_of_drifted_fields(changes, verdict, fields):
    assert describe_state(make_window(**changes)) == {
        "day": "2026-11-24",
        "versions": {
            VERSION: {
                "customers": 300,
                "verdict": verdict,
                "fields": fields,
                "estimates": ESTIMATES,
            }
        },
    }


def test_a_version_that_nothing_is_known_of_is_not_judged():
    window = {"day": "2026-11-24", "versions": {"gone": {"customers": 400, "is_judged": False}}}

    assert describe_state(window)["versions"]["gone"] == {
        "customers": 400,
        "verdict": "not_judged",
        "fields": [],
        "estimates": None,
    }


class Shelf:
    """What stands at the state's key, and who looked for it: (ETag, deadline)."""

    def __init__(self):
        self.content = StorageError("S3 answered 404", "missing")
        self.asked = []
        self.now_s = 1_000.0
        self.failures = []
        self.state = LastState(self.fetch, REFRESH_S, self.failures.append, lambda: self.now_s)

    def put(self, window, etag="e1"):
        self.put_bytes(json.dumps(describe_state(window)).encode(), etag)

    def put_bytes(self, body, etag="e1"):
        self.content = S3Object(body, etag, None)

    def fetch(self, etag, deadline_s):
        self.asked.append((etag, deadline_s))
        if isinstance(self.content, Exception):
            raise self.content
        return S3Object(None, etag, None) if etag == self.content.etag else self.content


@pytest.fixture
def shelf():
    return Shelf()


def test_last_window_is_told_of_the_model_that_serves(shelf):
    shelf.put(make_window(alarm=["contract"]))

    assert shelf.state.tell(VERSION) == {
        "day": "2026-11-24",
        "model_version": VERSION,
        "customers": 300,
        "verdict": "alarm",
        "fields": [TOLD_CONTRACT | {"alarm": True}],
        "estimates": ESTIMATES,
        "not_known": NOT_KNOWN,
    }
    assert shelf.asked == [(None, DEADLINE_S)]


def test_a_model_whose_customers_nobody_counted_that_day_is_not_judged(shelf):
    shelf.put(make_window())

    assert shelf.state.tell("newer") == {
        "day": "2026-11-24",
        "model_version": "newer",
        "customers": 0,
        "verdict": "not_judged",
        "fields": [],
        "estimates": None,
        "not_known": NOT_KNOWN,
    }


def test_state_is_looked_up_when_the_models_interval_is_over(shelf):
    shelf.put(make_window())
    first = shelf.state.tell(VERSION)
    shelf.now_s += REFRESH_S - 1
    shelf.state.tell(VERSION)
    shelf.now_s += 1
    kept = shelf.state.tell(VERSION)
    shelf.put(make_window(alarm=["contract"]), "e2")
    shelf.now_s -= REFRESH_S + 1  # a clock that goes back is a reason to look

    assert kept == first
    assert shelf.state.tell(VERSION)["verdict"] == "alarm"
    assert shelf.asked == [(None, DEADLINE_S), ("e1", DEADLINE_S), ("e1", DEADLINE_S)]


def test_no_state_is_no_failure_and_is_remembered(shelf):
    assert [shelf.state.tell(VERSION) for _ in range(3)] == [None] * 3
    assert (shelf.failures, len(shelf.asked)) == ([], 1)


def test_state_that_is_gone_is_told_no_more(shelf):
    shelf.put(make_window())
    shelf.state.tell(VERSION)
    shelf.content = StorageError("S3 answered 404", "missing")
    shelf.now_s += REFRESH_S

    assert shelf.state.tell(VERSION) is None


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"null", b'{"day": "2026-11-24"}', b'{"day": "1", "versions": {"1": 1}}'],
)
def test_what_is_no_state_is_none_and_logged_once(shelf, body):
    shelf.put_bytes(body)

    assert [shelf.state.tell(VERSION) for _ in range(2)] == [None, None]
    assert len(shelf.failures) == 1


def test_bucket_that_refuses_is_logged(shelf):
    shelf.content = StorageError("S3 answered 403", "forbidden")

    assert shelf.state.tell(VERSION) is None
    assert [error.reason for error in shelf.failures] == ["forbidden"]


def test_who_asks_a_bucket_that_hangs_gets_what_was_known(shelf, monkeypatch):
    shelf.put(make_window())
    known = shelf.state.tell(VERSION)
    monkeypatch.setattr(LastState, "deadline_s", 0.01)
    released = threading.Event()
    shelf.fetch = None
    state = LastState(lambda *_: released.wait(), 0.0, shelf.failures.append)

    waited = state.tell(VERSION)
    released.set()

    assert (known["verdict"], waited) == ("drifted", None)
