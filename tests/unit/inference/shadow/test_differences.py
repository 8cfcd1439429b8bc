import copy
from types import SimpleNamespace

from inference.monitoring.counts import ENOUGH, MAX_KNOWN
from inference.shadow.differences import Differences

LIVE = SimpleNamespace(
    version="v1",
    threshold=0.5,
    get_numbers=lambda record: (record["tenure"],),
    get_categories=lambda record: (record["contract"],),
)
SHADOW = SimpleNamespace(version="v2", threshold=0.4)
RECORD = {"tenure": 1, "contract": "Two year"}


def test_each_customer_is_counted_by_change_label_and_probability():
    differences = Differences(LIVE, SHADOW)
    pairs = [(0.5, 0.5), (0.45, 0.45), (0.52, 0.35), (0.1, 0.104), (0.0, 1.0), (0.3, 0.36)]

    for number, (live, shadow) in enumerate(pairs):
        differences.add(RECORD | {"tenure": number}, live, shadow)

    scores = {0.5: 10, 0.45: 9, 0.52: 10, 0.1: 2, 0.0: 0, 0.3: 6}
    assert differences.to_json() == {
        "model_version": "v1",
        "shadow_version": "v2",
        "customers": 6,
        "not_scored": 0,
        # below 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, and from there on
        "changes": [3, 0, 0, 0, 1, 1, 0, 1],
        "labels": [2, 2, 1, 1],
        "live_scores": [list(scores.values()).count(bar) for bar in range(20)],
        "shadow_scores": [[10, 9, 7, 2, 19, 7].count(bar) for bar in range(20)],
    }


def test_customer_whom_the_shadow_cannot_score_counts_for_nothing_else():
    differences = Differences(LIVE, SHADOW)

    differences.add(RECORD, 0.5, None)

    counts = differences.to_json()
    assert (counts["customers"], counts["not_scored"]) == (1, 1)
    assert (sum(counts["changes"]), sum(counts["labels"]), sum(counts["live_scores"])) == (0, 0, 0)


def test_the_same_customer_again_changes_nothing():
    differences = Differences(LIVE, SHADOW)
    differences.add(RECORD | {"note": "any"}, 0.5, 0.6)
    before = copy.deepcopy(differences.to_json())

    for _ in range(1_000):
        differences.add(RECORD | {"note": "any"}, 0.5, 0.6)

    assert differences.to_json() == before
    assert not differences.has_enough()


def test_customers_who_differ_in_a_category_alone_are_two():
    differences = Differences(LIVE, SHADOW)

    for contract in ("One year", "Two year"):
        differences.add(RECORD | {"contract": contract}, 0.5, 0.6)

    assert differences.to_json()["customers"] == 2


def test_counts_of_a_hundred_customers_are_enough():
    differences = Differences(LIVE, SHADOW)
    enough = []

    for number in range(ENOUGH):
        differences.add(RECORD | {"tenure": number}, 0.5, 0.6)
        enough.append(differences.has_enough())

    assert enough == [False] * 99 + [True]


def test_memory_is_bounded():
    differences = Differences(LIVE, SHADOW)

    for number in range(MAX_KNOWN + 5):
        differences.add(RECORD | {"tenure": number}, 0.5, 0.6)

    assert differences.to_json()["customers"] == MAX_KNOWN


def test_counts_are_about_two_models():
    differences = Differences(LIVE, SHADOW)

    assert differences.is_about(LIVE, SHADOW)
    assert not differences.is_about(SHADOW, SHADOW)
    assert not differences.is_about(LIVE, copy.copy(SHADOW))
