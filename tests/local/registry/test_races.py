"""Two publishers at once, each a process of its own, 50 rounds: nothing is lost, all are told."""

import multiprocessing
import os
import threading

import pytest
from moto.s3.responses import S3Response

from model.errors import RegistryError
from model.local.environment import make_environment, serve_s3
from model.paths import MODEL_KEY
from model.registry.bucket import open_bucket
from model.registry.history import read_history
from model.registry.registry import Registry, list_versions, read_candidate, read_live, read_version
from model.registry.release import Terms, promote, store

ROUNDS = 50
TIMEOUT_S = 120


@pytest.fixture(scope="module")
def registry():
    """A registry in an S3 that checks and writes in one step, as AWS's does; moto alone doesn't."""
    one_at_a_time = threading.Lock()
    put_object = S3Response.put_object

    def put_alone(response):
        with one_at_a_time:
            return put_object(response)

    with pytest.MonkeyPatch.context() as patch, serve_s3() as url:
        patch.setattr(S3Response, "put_object", put_alone)
        for name, value in make_environment(url).items():
            patch.setenv(name, value)
        yield connect()


def connect():
    return Registry(open_bucket(os.environ["MODEL_BUCKET"]), MODEL_KEY)


@pytest.fixture(scope="module")
def rounds(model_file):
    """Per round and publisher a model of their own, and for one version name two other files."""
    unknown = {"name": "a.csv", "sha256": "0" * 64, "rows": 1, "synthetic": False}  # never compared
    return [
        [
            {
                "own": model_file(1, {"Two year": turn + publisher / 10}, data=unknown),
                "contested": model_file(2, {"Two year": float(turn)}, by=f"publisher {publisher}"),
            }
            for publisher in range(2)
        ]
        for turn in range(ROUNDS)
    ]


def publish_all(publisher, files, start, results):
    """Publish one file of each round, both publishers at the same moment; tell what came of it."""
    registry = connect()
    terms = Terms(by=f"publisher {publisher}", reason="race", is_forced=True)
    try:
        for turn, bodies in enumerate(files):
            start.wait(TIMEOUT_S)
            contested = told(lambda body=bodies["contested"]: store(registry, body))
            start.wait(TIMEOUT_S)
            own = told(lambda body=bodies["own"]: promote(registry, store(registry, body), terms))
            results.put((turn, publisher, contested, own))
    finally:
        start.abort()


def told(action):
    """Return None where an action succeeds, else what its user is told."""
    try:
        action()
    except RegistryError as error:
        return str(error)
    return None


@pytest.fixture(scope="module")
def told_by(registry, rounds):  # noqa: ARG001  the publishers' environment points at it
    """(round, publisher) -> what each was told about the contested version, and about their own."""
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    publishers = [
        context.Process(
            target=publish_all,
            args=(publisher, [pair[publisher] for pair in rounds], start, results),
        )
        for publisher in range(2)
    ]
    for publisher in publishers:
        publisher.start()
    outcomes = [results.get(timeout=TIMEOUT_S) for _ in range(2 * ROUNDS)]
    for publisher in publishers:
        publisher.join(TIMEOUT_S)
    return {(turn, publisher): outcome for turn, publisher, *outcome in outcomes}


def test_of_two_files_with_one_version_the_first_stays_and_the_second_is_told(
    registry, rounds, told_by
):
    for turn, pair in enumerate(rounds):
        outcomes = [told_by[turn, publisher][0] for publisher in range(2)]
        winner = outcomes.index(None)
        body = pair[winner]["contested"]
        version = read_candidate(body).version
        told = f"version {version}: exists with other content; not overwritten"
        assert outcomes[1 - winner] == told
        assert read_version(registry, version).body == body


def test_no_version_is_lost(registry, rounds, told_by):
    assert len(told_by) == 2 * ROUNDS
    for publisher in (publisher for pair in rounds for publisher in pair):
        own = read_candidate(publisher["own"])
        assert read_version(registry, own.version).body == own.body
    assert len(list_versions(registry)) == 3 * ROUNDS


@pytest.mark.usefixtures("told_by")
def test_live_is_one_of_the_last_two_whole(registry, rounds):
    assert read_live(registry).body in [publisher["own"] for publisher in rounds[-1]]


def test_each_swap_is_on_record_and_each_loser_was_told(registry, told_by):
    history = read_history(registry)
    losers = [own for _, own in told_by.values() if own]
    swaps = {(entry["from"], entry["to"]) for entry in history}

    assert losers, "the publishers never met"
    assert all("went live meanwhile" in text for text in losers)
    assert len(swaps) == len(history) == 2 * ROUNDS - len(losers)
    # One unbroken chain: what each replaced had gone live before, and nothing was replaced twice.
    replaced = [before for before, _ in swaps if before]
    assert len(set(replaced)) == len(replaced) == len(swaps) - 1
    assert {after for _, after in swaps} - set(replaced) == {read_live(registry).version}
