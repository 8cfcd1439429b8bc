from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_curve

from model.evaluation.metrics import top_decile_lift
from model.report.sections.ranking import (
    Tenth,
    count_outcomes,
    plot_gain,
    plot_lift,
    plot_precision_recall,
    plot_roc,
    split_tenths,
)


def test_tenths_run_from_the_highest_scores_down():
    target = np.array([0] * 12 + [1] * 8)
    scores = np.linspace(0, 1, 20)

    tenths = split_tenths(target, scores)

    assert tenths[0] == Tenth(customers=2, leavers=2.0, lift=2.5, gain=0.25)
    assert tenths[3] == Tenth(customers=2, leavers=2.0, lift=2.5, gain=1.0)
    assert tenths[4:] == [Tenth(customers=2, leavers=0.0, lift=0.0, gain=1.0)] * 6


def test_equal_scores_share_their_leavers():
    target = np.array([1, 0] * 10)

    tenths = split_tenths(target, np.full(20, 0.3))

    assert [tenth.leavers for tenth in tenths] == pytest.approx([1.0] * 10)
    assert [tenth.gain for tenth in tenths] == pytest.approx(np.arange(1, 11) / 10)


@pytest.mark.parametrize("decimals", [1, 3], ids=["many ties", "few ties"])
def test_first_tenth_is_that_of_the_leaderboard(evidence, decimals):
    scores = evidence.probabilities.round(decimals)

    first = split_tenths(evidence.target, scores)[0]

    assert first.lift == pytest.approx(top_decile_lift(evidence.target, scores))


def test_fewer_than_ten_customers_make_fewer_parts():
    tenths = split_tenths(np.array([0, 1, 1]), np.array([0.1, 0.2, 0.9]))

    assert [tenth.customers for tenth in tenths] == [1, 1, 1]
    assert [tenth.gain for tenth in tenths] == [0.5, 1.0, 1.0]


def test_outcomes_are_counted_from_the_threshold_on(evidence):
    known = replace(
        evidence,
        target=np.array([0, 0, 0, 1, 1]),
        probabilities=np.array([0.1, 0.5, 0.7, 0.4, 0.5]),
    )

    assert count_outcomes(known) == (1, 2, 1, 1)
    assert count_outcomes(known, 0.4) == (1, 2, 0, 2)
    assert count_outcomes(known, 1.0) == (3, 0, 2, 0)


def test_roc_curve_is_scikit_learns(evidence):
    curve = plot_roc(evidence).figure.axes[0].lines[0]

    false_rate, true_rate, _ = roc_curve(evidence.target, evidence.probabilities)
    assert curve.get_xdata().tolist() == false_rate.tolist()
    assert curve.get_ydata().tolist() == true_rate.tolist()


def test_precision_recall_curve_is_scikit_learns(evidence):
    curve = plot_precision_recall(evidence).figure.axes[0].lines[0]

    precision, recall, _ = precision_recall_curve(evidence.target, evidence.probabilities)
    assert curve.get_xdata().tolist() == recall.tolist()
    assert curve.get_ydata().tolist() == precision.tolist()


def test_threshold_lies_on_both_curves(evidence):
    _, false_alarms, missed, caught = count_outcomes(evidence)
    stayers = int((evidence.target == 0).sum())
    recall = caught / (caught + missed)

    on_roc = plot_roc(evidence).figure.axes[0].lines[-1].get_xydata().tolist()
    on_other = plot_precision_recall(evidence).figure.axes[0].lines[-1].get_xydata().tolist()

    assert on_roc == [[false_alarms / stayers, recall]]
    assert on_other == [[recall, caught / (caught + false_alarms)]]


def test_a_threshold_that_flags_nobody_has_no_precision(evidence):
    nobody = replace(evidence, probabilities=evidence.probabilities / 10)

    labels = plot_precision_recall(nobody).figure.axes[0].get_legend_handles_labels()[1]

    assert not [label for label in labels if label.startswith("threshold")]


def test_lift_and_gain_are_drawn_by_tenth(evidence):
    tenths = split_tenths(evidence.target, evidence.probabilities)

    bars = plot_lift(evidence).figure.axes[0].patches
    curve = plot_gain(evidence).figure.axes[0].lines[0]

    assert [bar.get_height() for bar in bars] == [tenth.lift for tenth in tenths]
    assert curve.get_xdata() == pytest.approx(np.arange(11) / 10)
    assert curve.get_ydata() == pytest.approx([0.0, *(tenth.gain for tenth in tenths)])
