from math import sqrt

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from model.report.sections.probabilities import (
    calibrate,
    count_by_bin,
    plot_calibration,
    plot_scores,
)

Z = 1.959963984540054  # of the normal distribution, for 95 %


def test_bins_are_scikit_learns_with_counts(evidence):
    bins = calibrate(evidence.target, evidence.probabilities)

    observed, predicted = calibration_curve(evidence.target, evidence.probabilities, n_bins=10)
    assert [item.observed for item in bins] == observed.tolist()
    assert [item.predicted for item in bins] == predicted.tolist()
    assert sum(item.customers for item in bins) == 80


def test_intervals_are_wilsons():
    target = np.array([1] * 3 + [0] * 7 + [1] * 5)
    probabilities = np.array([0.25] * 10 + [0.95] * 5)

    first, last = calibrate(target, probabilities)

    share, n = 0.3, 10
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    margin = Z / (1 + Z**2 / n) * sqrt(share * 0.7 / n + Z**2 / (4 * n**2))
    assert (first.customers, first.predicted, first.observed) == (10, pytest.approx(0.25), 0.3)
    assert (first.low, first.high) == pytest.approx((middle - margin, middle + margin))
    assert (last.customers, last.observed, last.high) == (5, 1.0, pytest.approx(1.0))


def test_borders_count_as_in_scikit_learn():
    probabilities = np.array([0.0, 0.1, 0.2, 0.35, 1.0])
    target = np.array([0, 1, 0, 1, 1])

    counts = count_by_bin(probabilities)

    observed, _ = calibration_curve(target, probabilities, n_bins=10)
    assert counts.tolist() == [2, 1, 0, 1, 0, 0, 0, 0, 0, 1]
    assert observed.tolist() == [0.5, 0.0, 1.0, 1.0]


def test_counts_stand_below_the_points(evidence):
    above, below = plot_calibration(evidence).figure.axes

    assert [bar.get_height() for bar in below.patches] == [
        *count_by_bin(evidence.probabilities).tolist()
    ]
    assert above.get_shared_x_axes().joined(above, below)


def test_scores_are_counted_by_outcome(evidence):
    labels = plot_scores(evidence).figure.axes[0].get_legend_handles_labels()[1]

    left = int(evidence.target.sum())
    assert set(labels) == {f"stayed ({80 - left})", f"left ({left})", "threshold 0.5"}
