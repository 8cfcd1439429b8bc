import numpy as np
import pytest
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from inference.monitoring.estimates import FIGURES, estimate_quality

EDGES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def draw(count, seed, shape=(1.0, 2.0)):
    """Return calibrated scores and who left, drawn by them."""
    rng = np.random.default_rng(seed)
    scores = rng.beta(*shape, count)
    return scores, (rng.random(count) < scores).astype(int)


def count_bins(scores):
    return np.bincount(np.searchsorted(EDGES, scores, side="right"), minlength=10).tolist()


@pytest.fixture(scope="module")
def reference():
    scores, left = draw(6_000, seed=1)
    return {"edges": EDGES, "counts": count_bins(scores), "leavers": count_bins(scores[left == 1])}


def measure(scores, left):
    labels = scores >= 0.5
    return (
        left.mean(),
        precision_score(left, labels),
        recall_score(left, labels),
        roc_auc_score(left, scores),
    )


def count_inside(reference, shape):
    """Return how many of 80 true figures are within their intervals."""
    inside = 0
    for seed in range(10, 30):
        scores, left = draw(2_000, seed, shape)
        estimated = estimate_quality(reference, count_bins(scores), 0.5)
        for name, truth in zip(FIGURES, measure(scores, left), strict=True):
            inside += estimated[name]["low"] - 0.01 <= truth <= estimated[name]["high"] + 0.01
    return inside


@pytest.mark.parametrize("shape", [(1.0, 2.0), (2.0, 2.0), (1.0, 3.0)])
def test_the_truth_is_within_the_intervals(reference, shape):
    assert count_inside(reference, shape) >= 0.95 * 80


def test_scores_that_crowd_at_the_end_of_a_bin_are_told_too_surely(reference):
    """A limit that docs/monitoring.md states, so that nobody takes the intervals for more."""
    scores, left = draw(2_000, 10, (0.5, 4.0))

    estimated = estimate_quality(reference, count_bins(scores), 0.5)

    assert left.mean() < estimated["churn_rate"]["value"]
    assert count_inside(reference, (0.5, 4.0)) < 0.95 * 80


def test_a_flipped_relation_is_not_seen(reference):
    scores, left = draw(2_000, seed=5)

    estimated = estimate_quality(reference, count_bins(scores), 0.5)

    assert roc_auc_score(1 - left, scores) < 0.5 < estimated["auc"]["low"]


def test_values_are_worked_out_from_rates_and_counts():
    scores = {"edges": [0.5], "counts": [99, 99], "leavers": [10, 60]}

    estimated = estimate_quality(scores, [300, 100], 0.5)

    base = 70.5 / 199
    low, high = (10 + base) / 100, (60 + base) / 100
    left = 300 * low + 100 * high
    stayed = 400 - left
    won = 100 * high * (300 * (1 - low) + 50 * (1 - high)) + 300 * low * 150 * (1 - low)
    values = [estimated[name]["value"] for name in FIGURES]
    expected = [left / 400, high, 100 * high / left, won / (left * stayed)]
    assert values == pytest.approx(expected)


def test_the_same_counts_have_the_same_interval(reference):
    first, second = (estimate_quality(reference, [10] * 10, 0.5) for _ in range(2))

    assert first == second


def test_nothing_is_said_of_nobody(reference):
    nothing = {"value": None, "low": None, "high": None}

    assert estimate_quality(reference, [0] * 10, 0.5) == dict.fromkeys(FIGURES, nothing)
