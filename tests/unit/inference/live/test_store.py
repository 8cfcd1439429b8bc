import threading
import time

import pytest

from inference.errors import ArtifactError, ModelUnavailableError, StorageError
from inference.live.s3_answer import S3Object
from inference.live.store import ModelStore

OUTAGE = StorageError("S3 answered 503", "unavailable")
MISSING = StorageError("S3 answered 404", "missing")
BUG = RuntimeError("bug")


class Model:
    def __init__(self, version):
        self.version = version


class Lookups:
    """What look-ups find: bytes, or an error to raise; `etags` and `deadlines_s` are what came."""

    def __init__(self):
        self.holds = b"v1"
        self.modified = None
        self.etags = []
        self.deadlines_s = []

    def fetch(self, etag, deadline_s):
        self.etags.append(etag)
        self.deadlines_s.append(deadline_s)
        holds = self.holds
        if callable(holds):
            holds = holds()
        if isinstance(holds, Exception):
            raise holds
        current = holds.decode()
        return S3Object(None if etag == current else holds, current, self.modified)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def load(body):
    if body.startswith(b"corrupt"):
        raise ArtifactError("not JSON")
    return Model(body.decode())


@pytest.fixture
def s3():
    return Lookups()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def failures():
    return []


@pytest.fixture
def make_store(s3, clock, failures):
    def make(refresh_s=60.0, deadline_s=5.0, clock=clock):
        return ModelStore(
            s3.fetch,
            load,
            refresh_s=refresh_s,
            deadline_s=deadline_s,
            on_failure=failures.append,
            clock=clock,
        )

    return make


@pytest.fixture
def store(make_store):
    return make_store()


def wait_until(is_so):
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


@pytest.fixture
def join_lookups():
    """Return the function that waits for all look-ups begun in this test to end."""
    before = set(threading.enumerate())

    def join():
        for thread in set(threading.enumerate()) - before:
            thread.join(5)
            assert not thread.is_alive()

    return join


def fail_to_get(store):
    """Return why there is no model."""
    with pytest.raises(ModelUnavailableError) as caught:
        store.get()
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "5"})
    return caught.value.reason


def test_the_first_get_loads_the_model(store, s3):
    assert (store.version, store.age_seconds) == (None, 0.0)

    assert store.get().version == "v1"
    assert store.version == "v1"
    assert s3.etags == [None]


def test_a_fresh_model_is_not_looked_up(store, s3, clock):
    first = store.get()
    clock.now += 29.9

    assert store.get() is first
    assert s3.etags == [None]


def test_from_half_the_interval_on_a_look_up_runs_behind_the_answer(store, s3, clock):
    first = store.get()
    may_answer = threading.Event()
    s3.holds = lambda: may_answer.wait(5) and b"v2"
    clock.now += 30

    assert store.get() is first
    assert store.get() is first
    may_answer.set()
    wait_until(lambda: store.version == "v2")
    assert s3.etags == [None, "v1"]


def test_after_the_interval_the_answer_waits_for_the_look_up(store, s3, clock):
    store.get()
    s3.holds = b"v2"
    clock.now += 60

    assert store.get().version == "v2"


def test_an_unchanged_model_stays_and_counts_as_looked_up(store, s3, clock):
    first = store.get()
    clock.now += 60

    assert store.get() is first
    clock.now += 29
    assert store.get() is first
    assert s3.etags == [None, "v1"]


def test_interval_zero_looks_on_every_request(make_store, s3):
    store = make_store(refresh_s=0)

    versions = []
    for s3.holds in (b"v1", b"v1", b"v2", b"v1"):
        versions.append(store.get().version)

    assert versions == ["v1", "v1", "v2", "v1"]
    assert s3.etags == [None, "v1", "v1", "v2"]


@pytest.mark.parametrize("step_s", [3600, 0.5])
def test_a_clock_that_steps_back_makes_the_model_stale(store, s3, clock, step_s):
    store.get()
    s3.holds = b"v2"
    clock.now -= step_s

    assert store.get().version == "v2"


@pytest.mark.parametrize(
    "holds",
    [OUTAGE, MISSING, b"corrupt", BUG],
    ids=["outage", "deleted", "corrupt", "unforeseen"],
)
def test_the_last_good_model_serves_on_when_a_look_up_fails(store, s3, clock, failures, holds):
    first = store.get()
    s3.holds = holds
    clock.now += 60

    assert store.get() is first
    assert [store.take_failures(), store.take_failures()] == [1, 0]
    assert [type(error) for error in failures] == [
        ArtifactError if holds == b"corrupt" else type(holds)
    ]


def test_failed_look_ups_are_spaced_out_more_and_more(
    make_store, s3, clock, failures, join_lookups
):
    store = make_store(refresh_s=0)
    store.get()
    s3.holds = OUTAGE

    times = []
    for _ in range(1000):
        store.get()
        join_lookups()  # a request waits for a quarter of a second only
        if len(failures) > len(times):
            times.append(clock.now - 1000)
        clock.now += 0.5

    assert times[:9] == [0, 1, 3, 7, 15, 31, 61, 91, 121]


def test_the_first_good_look_up_ends_the_pause(store, s3, clock):
    store.get()
    s3.holds = OUTAGE
    clock.now += 60
    store.get()
    s3.holds = b"v2"
    clock.now += 0.9
    before_the_pause_ends = store.get().version
    clock.now += 0.1

    assert (before_the_pause_ends, store.get().version) == ("v1", "v2")
    assert store.take_failures() == 1


def test_a_pause_does_not_outlast_a_clock_that_steps_back(store, s3, clock):
    store.get()
    s3.holds = OUTAGE
    clock.now += 60
    store.get()
    s3.holds = b"v2"
    clock.now -= 3600

    assert store.get().version == "v2"


@pytest.mark.parametrize(
    ("holds", "reason", "message"),
    [
        (
            MISSING,
            "missing",
            "no model has been published yet; publish one with `make train-upload`",
        ),
        (
            StorageError("S3 answered 403", "forbidden"),
            "forbidden",
            "the function may not read the model in S3; its log says what S3 answered",
        ),
        (
            StorageError("MODEL_BUCKET is not set", "misconfigured"),
            "misconfigured",
            "the function can't find its model: bucket, region, endpoint or certificates are "
            "misconfigured; its log says which",
        ),
        (OUTAGE, "unavailable", "the model can't be reached at the moment; try again"),
        (
            b"corrupt",
            "unusable",
            "what is published is no model that this function can use; "
            "publish one with `make train-upload`",
        ),
        (
            BUG,
            "unexpected",
            "a fault on our side keeps the model from being loaded; the log says where",
        ),
    ],
    ids=["missing", "forbidden", "misconfigured", "unavailable", "unusable", "unexpected"],
)
def test_without_a_model_the_error_says_why(store, s3, holds, reason, message):
    s3.holds = holds

    with pytest.raises(ModelUnavailableError) as caught:
        store.get()

    assert (caught.value.message, caught.value.reason) == (message, reason)


@pytest.mark.parametrize("holds", [MISSING, BUG], ids=["missing", "fault"])
def test_without_a_model_every_request_looks_again(store, s3, holds):
    s3.holds = holds

    fail_to_get(store)
    fail_to_get(store)

    assert s3.etags == [None, None]
    s3.holds = b"v1"
    assert store.get().version == "v1"


def test_without_a_model_an_outage_is_asked_about_once_a_second(store, s3, clock):
    s3.holds = OUTAGE

    assert [fail_to_get(store), fail_to_get(store)] == ["unavailable", "unavailable"]
    assert s3.etags == [None]
    clock.now += 0.9
    fail_to_get(store)
    assert s3.etags == [None]
    clock.now += 0.1
    s3.holds = b"v1"
    assert store.get().version == "v1"


def test_a_first_load_cut_short_is_begun_again_at_once(store, s3, failures):
    arriving = [b"corrupt", b"v1"]
    s3.holds = lambda: arriving.pop(0)

    assert store.get().version == "v1"
    assert s3.etags == [None, None]
    assert 0 < s3.deadlines_s[1] < s3.deadlines_s[0] == 5.0
    assert (store.take_failures(), failures) == (0, [])


def test_a_first_load_is_begun_again_once_only(store, s3, failures):
    s3.holds = b"corrupt"

    assert fail_to_get(store) == "unusable"
    assert s3.etags == [None, None]
    assert (store.take_failures(), len(failures)) == (1, 1)


def test_a_first_load_is_not_begun_again_without_time(s3):
    def load_slowly(body):
        time.sleep(0.02)
        return load(body)

    s3.holds = b"corrupt"

    assert fail_to_get(ModelStore(s3.fetch, load_slowly, deadline_s=0.01)) == "unusable"
    assert s3.etags == [None]


def test_a_later_load_is_not_begun_again_at_once(store, s3, clock):
    store.get()
    s3.holds = b"corrupt"
    clock.now += 60

    store.get()

    assert s3.etags == [None, "v1"]


def test_a_first_look_up_frozen_on_the_way_is_begun_again(store, s3, clock, failures, join_lookups):
    thaw = threading.Event()
    found = [OUTAGE, b"v1"]
    s3.holds = lambda: thaw.wait(5) and found.pop(0)
    store.begin_check()
    wait_until(lambda: len(s3.etags) == 1)
    clock.now += 600
    thaw.set()
    join_lookups()

    assert (store.version, failures) == ("v1", [])
    assert store.get().version == "v1"
    assert s3.etags == [None, None]


def test_a_first_look_up_frozen_twice_is_no_failure(store, s3, clock, failures, join_lookups):
    def freeze():
        clock.now += 600
        return OUTAGE

    s3.holds = freeze
    store.begin_check()
    join_lookups()

    assert (store.version, store.take_failures(), failures) == (None, 0, [])
    assert fail_to_get(store) == "unavailable"


def test_a_look_up_that_never_ends_holds_a_request_for_the_deadline_only(
    make_store, s3, failures, join_lookups
):
    store = make_store(deadline_s=0.05, clock=time.time)
    hanging = threading.Event()
    s3.holds = lambda: hanging.wait(5) and b"late"
    started = time.monotonic()

    reason = fail_to_get(store)

    assert 0.05 <= time.monotonic() - started < 1
    assert reason == "unavailable"
    assert [(str(error), error.reason) for error in failures] == [
        ("no answer from S3: timed out", "unavailable")
    ]
    hanging.set()
    join_lookups()
    assert store.version is None  # given up on


def test_in_an_outage_a_request_waits_a_moment_only(make_store, s3, clock, failures):
    store = make_store(refresh_s=0)
    store.get()
    s3.holds = OUTAGE
    store.get()
    hanging = threading.Event()
    s3.holds = lambda: hanging.wait(5) and b"v2"
    clock.now += 1
    started = time.monotonic()

    assert store.get().version == "v1"

    assert 0.2 < time.monotonic() - started < 1
    hanging.set()
    wait_until(lambda: store.version == "v2")
    assert failures == [OUTAGE]


SLOW_S = 0.4  # longer than a request waits in an outage


def answer_slowly():
    time.sleep(SLOW_S)
    return b"v2"


def test_without_an_outage_a_request_waits_for_a_slow_answer(store, s3, clock):
    store.get()
    s3.holds = answer_slowly
    clock.now += 60

    assert store.get().version == "v2"


def test_without_a_model_a_request_waits_for_a_slow_answer_after_a_failure_too(store, s3):
    s3.holds = MISSING
    fail_to_get(store)
    s3.holds = answer_slowly

    assert store.get().version == "v2"


def test_a_look_up_has_two_seconds(s3):
    ModelStore(s3.fetch, load).get()

    assert s3.deadlines_s == [2.0]


@pytest.mark.parametrize("end", [b"old", OUTAGE], ids=["good", "bad"])
def test_a_look_up_frozen_on_the_way_has_no_say(store, s3, clock, failures, join_lookups, end):
    store.get()
    thaw = threading.Event()
    ends = []

    def freeze():
        thaw.wait(5)
        ends.append(end)
        return end

    s3.holds = freeze
    clock.now += 30
    store.get()
    wait_until(lambda: len(s3.etags) == 2)
    s3.holds = b"v2"
    clock.now += 600

    assert store.get().version == "v2"
    thaw.set()
    join_lookups()
    assert ends == [end]
    assert (store.version, failures) == ("v2", [])


def test_a_frozen_look_up_that_fails_when_it_wakes_is_no_failure(
    store, s3, clock, failures, join_lookups
):
    store.get()
    thaw = threading.Event()
    s3.holds = lambda: thaw.wait(5) and OUTAGE
    clock.now += 30
    store.get()
    wait_until(lambda: len(s3.etags) == 2)
    clock.now += 600
    thaw.set()
    join_lookups()
    s3.holds = b"v2"

    assert store.get().version == "v2"
    assert (store.take_failures(), failures) == (0, [])


def test_a_frozen_look_up_that_succeeds_counts_from_its_beginning(store, s3, clock):
    store.get()
    thaw = threading.Event()
    s3.holds = lambda: thaw.wait(5) and b"v2"
    clock.now += 30
    store.get()
    wait_until(lambda: len(s3.etags) == 2)
    clock.now += 600
    thaw.set()
    wait_until(lambda: store.version == "v2")
    s3.holds = b"v3"

    assert store.get().version == "v3"


def test_many_threads_make_one_look_up(store, s3):
    may_answer = threading.Event()
    s3.holds = lambda: may_answer.wait(5) and b"v1"
    versions = []
    threads = [
        threading.Thread(target=lambda: versions.append(store.get().version)) for _ in range(20)
    ]

    for thread in threads:
        thread.start()
    may_answer.set()
    for thread in threads:
        thread.join()

    assert versions == ["v1"] * 20
    assert s3.etags == [None]


def test_interval_zero_does_not_trust_a_look_up_that_began_earlier(make_store, s3, clock):
    store = make_store(refresh_s=0)
    store.get()
    may_answer = threading.Event()
    s3.holds = lambda: may_answer.wait(5) and b"v1"
    clock.now += 1
    early = threading.Thread(target=store.get)
    early.start()
    wait_until(lambda: len(s3.etags) == 2)
    s3.holds = b"v2"
    clock.now += 1
    threading.Timer(0.02, may_answer.set).start()

    assert store.get().version == "v2"
    early.join()


def test_a_slow_load_is_waited_for(s3):
    def load_slowly(body):
        time.sleep(0.2)
        return load(body)

    store = ModelStore(s3.fetch, load_slowly, deadline_s=0.01)

    assert store.get().version == "v1"


def test_a_check_begun_early_is_the_one_that_the_first_request_waits_for(store, s3):
    store.begin_check()

    assert store.get().version == "v1"
    store.begin_check()
    assert s3.etags == [None]


def test_age_counts_from_when_the_model_went_live(store, s3, clock):
    s3.modified = 400.0
    store.get()

    assert store.age_seconds == 600.0
    clock.now -= 700
    assert store.age_seconds == 0.0


def test_age_counts_from_the_look_up_where_s3_tells_no_date(store, clock):
    store.get()
    clock.now += 7

    assert store.age_seconds == 7.0
