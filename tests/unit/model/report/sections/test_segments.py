from dataclasses import replace
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from model.report.sections.segments import auc_interval, is_weaker, measure_segments, plot_segments

Z = 1.959963984540054  # of the normal distribution, for 95 %


@pytest.fixture
def known(evidence):
    """Three plans: `good` ranks perfectly, `bad` not at all, `rare` is too small to say."""
    rng = np.random.default_rng(4)
    plans = ["good"] * 60 + ["bad"] * 80 + ["rare"] * 40
    target = np.array(([0] * 30 + [1] * 30) + [0, 1] * 40 + [0] * 20 + [1] * 20)
    scores = np.concatenate([np.linspace(0, 1, 60), rng.random(80), rng.random(40)])
    frame = pd.DataFrame({"plan": plans, "alias": plans, "all": ["x"] * 180})
    metrics = {"auc": float(roc_auc_score(target, scores))}
    return replace(evidence, frame=frame, target=target, probabilities=scores, metrics=metrics)


def test_weakest_segment_comes_first_with_scikit_learns_figures(known):
    bad, good = measure_segments(known)

    target, scores = known.target[60:140], known.probabilities[60:140]
    assert (bad.name, bad.customers, bad.observed) == ("plan: bad", 80, 0.5)
    assert bad.auc == roc_auc_score(target, scores)
    assert bad.brier == brier_score_loss(target, scores)
    assert bad.predicted == scores.mean()
    assert (good.name, good.auc) == ("plan: good", 1.0)


def test_small_segments_and_all_customers_are_left_out_and_twins_listed_once(known):
    assert [segment.name for segment in measure_segments(known)] == ["plan: bad", "plan: good"]


def test_segment_with_few_leavers_is_left_out(known):
    few = known.target.copy()
    few[9:60] = 0

    target = replace(known, target=few)

    assert [segment.name for segment in measure_segments(target)] == ["plan: bad"]


def test_interval_is_delongs():
    rng = np.random.default_rng(8)
    target = rng.integers(0, 2, 40)
    scores = (target + rng.normal(size=40) * 2).round(1)  # some are equal
    pairs = scores[target == 1][:, None] - scores[target == 0][None, :]
    wins = (pairs > 0) + (pairs == 0) / 2
    variance = sum(wins.mean(axis=axis).var(ddof=1) / wins.shape[1 - axis] for axis in (0, 1))

    low, high = auc_interval(target, scores)

    auc = roc_auc_score(target, scores)
    assert (low, high) == pytest.approx((auc - Z * sqrt(variance), auc + Z * sqrt(variance)))


def test_interval_stays_within_0_and_1():
    assert auc_interval(np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3])) == (1.0, 1.0)
    low, high = auc_interval(np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4]))
    assert (low >= 0.0, high) == (True, 1.0)


def test_segment_is_weaker_when_its_whole_interval_lies_below_all(known):
    bad, good = measure_segments(known)

    assert bad.high < known.metrics["auc"]
    assert (is_weaker(bad, known), is_weaker(good, known)) == (True, False)


def test_weakest_are_drawn_with_their_intervals(known):
    segments = measure_segments(known)

    lines = plot_segments(known, segments).figure.axes[0].lines

    assert lines[0].get_xdata() == [known.metrics["auc"]] * 2
    assert list(lines[1].get_xdata()) == [segments[0].low, segments[0].high]
    assert lines[2].get_xdata().tolist() == [segments[0].auc]
