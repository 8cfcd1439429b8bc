"""Figures are held against scikit-learn's, intervals against a bootstrap written out."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from model.registry.comparison import CONFIDENCE, compare

CUSTOMERS = 700
RESAMPLES = 2_000
LIMIT_TOLERANCE = 0.006  # three standard errors of a limit; the limits lie 0.08 apart


@pytest.fixture
def random():
    return np.random.default_rng(7)


@pytest.fixture
def target(random):
    return (random.random(CUSTOMERS) < 0.27).astype(np.int64)


def probabilities(random, target, noise):
    scores = 1.4 * target - 1.5 + random.normal(scale=noise, size=len(target))
    return (1 / (1 + np.exp(-scores))).round(2)  # rounded: ties


@pytest.fixture
def live(random, target):
    return probabilities(random, target, 1.0)


@pytest.fixture
def candidate(random, target):
    return probabilities(random, target, 1.1)


def test_figures_are_scikit_learns(target, live, candidate):
    auc, brier = compare(target, live, candidate, {})

    aucs = roc_auc_score(target, live), roc_auc_score(target, candidate)
    losses = brier_score_loss(target, live), brier_score_loss(target, candidate)
    assert (auc.live, auc.candidate, auc.gain) == pytest.approx((*aucs, aucs[1] - aucs[0]))
    assert (brier.live, brier.candidate, brier.gain) == pytest.approx(
        (*losses, losses[0] - losses[1])
    )


def test_limits_are_those_of_a_bootstrap_of_all_pairs(random, target, live, candidate):
    rows = random.integers(CUSTOMERS, size=(RESAMPLES, CUSTOMERS))
    counts = np.array([np.bincount(row, minlength=CUSTOMERS) for row in rows], dtype=float)
    stayed, left = counts[:, target == 0], counts[:, target == 1]
    pairs = ordered_pairs(target, candidate) - ordered_pairs(target, live)
    auc_gains = ((left @ pairs) * stayed).sum(axis=1) / (left.sum(axis=1) * stayed.sum(axis=1))
    brier_gains = counts @ ((live - target) ** 2 - (candidate - target) ** 2) / CUSTOMERS

    auc, brier = compare(target, live, candidate, {})

    for figure, gains in ((auc, auc_gains), (brier, brier_gains)):
        low, high = np.quantile(gains, [1 - CONFIDENCE, CONFIDENCE])
        assert (figure.low, figure.high) == pytest.approx((low, high), abs=LIMIT_TOLERANCE)


def ordered_pairs(target, scores):
    """Return, for each pair of one who left and one who stayed, 1 if ranked so, 0.5 if tied."""
    gaps = scores[target == 1][:, None] - scores[target == 0]
    return (np.sign(gaps) + 1) / 2


def test_same_probabilities_gain_exactly_nothing(target, live):
    everyone = np.ones(CUSTOMERS, dtype=bool)

    figures = compare(target, live, live.copy(), {"all": everyone})

    assert {(item.gain, item.low, item.high) for item in figures} == {(0.0, 0.0, 0.0)}


def test_segment_has_its_own_figures(target, live, candidate):
    half = np.arange(CUSTOMERS) % 2 == 0

    *_, auc, brier = compare(target, live, candidate, {"even": half})

    assert (auc.segment, auc.customers, brier.metric) == ("even", CUSTOMERS // 2, "Brier score")
    assert auc.candidate == pytest.approx(roc_auc_score(target[half], candidate[half]))
    assert brier.live == pytest.approx(brier_score_loss(target[half], live[half]))


def test_more_segments_make_wider_limits(target, live, candidate, random):
    half = np.arange(CUSTOMERS) % 2 == 0
    others = {f"random {number}": random.random(CUSTOMERS) < 0.2 for number in range(40)}

    alone = compare(target, live, candidate, {"even": half})[2]
    among = compare(target, live, candidate, {"even": half} | others)[2]

    assert among.gain == alone.gain
    assert among.low < alone.low
    assert among.high > alone.high


def test_small_segment_is_left_out_and_one_of_a_kind_has_no_auc(target, live, candidate):
    few, enough = np.arange(CUSTOMERS) < 99, np.arange(CUSTOMERS) < 100
    stayed = target == 0

    figures = compare(target, live, candidate, {"few": few, "enough": enough, "stayed": stayed})

    assert [(item.metric, item.segment) for item in figures] == [
        ("AUC", None),
        ("Brier score", None),
        ("AUC", "enough"),
        ("Brier score", "enough"),
        ("Brier score", "stayed"),
    ]


def test_figures_are_the_same_each_time(target, live, candidate):
    segments = {"even": np.arange(CUSTOMERS) % 2 == 0}

    assert compare(target, live, candidate, segments) == compare(target, live, candidate, segments)


def test_false_alarms_about_any_of_43_segments_are_rare(random):
    """Both models equally good: at most 1 - CONFIDENCE of comparisons blame some segment."""
    rounds, alarms = 20, 0
    for _ in range(rounds):
        codes = random.integers(3, size=(14, CUSTOMERS))
        log_odds = random.normal(scale=0.6, size=(14, 3))[np.arange(14)[:, None], codes].sum(axis=0)
        target = (random.random(CUSTOMERS) < 1 / (1 + np.exp(1.2 - log_odds))).astype(np.int64)
        live, candidate = (
            1 / (1 + np.exp(1.2 - log_odds - random.normal(scale=0.3, size=CUSTOMERS)))
            for _ in range(2)
        )
        segments = {f"{f}={c}": codes[f] == c for f in range(14) for c in range(3)}
        figures = compare(target, live, candidate, segments)
        alarms += any(item.high < 0 for item in figures if item.segment)

    # 5 % of 20 is 1; by chance it is more than 4 with 3 seeds in 1,000 (binomial).
    assert alarms <= 4
