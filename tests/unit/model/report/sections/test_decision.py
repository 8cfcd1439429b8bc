from dataclasses import replace

import numpy as np
import pytest

from model.report.evidence import gather_evidence
from model.report.sections.decision import (
    Decision,
    list_decisions,
    plot_profit,
    trace_profit,
)

ECONOMICS = {"value": 600.0, "cost": 50.0, "success": 0.3}
KEPT = 0.3 * 550  # what an offer to a leaver earns on average


@pytest.fixture
def known(evidence):
    """Five customers of whom all is known."""
    return replace(
        evidence,
        target=np.array([0, 0, 0, 1, 1]),
        probabilities=np.array([0.1, 0.3, 0.7, 0.4, 0.6]),
    )


def test_profit_is_traced_over_all_thresholds(known):
    thresholds, profits = trace_profit(known)

    assert thresholds.tolist() == [0.7, 0.6, 0.4, 0.3, 0.1]
    assert profits.tolist() == pytest.approx(
        [-50, KEPT - 50, 2 * KEPT - 50, 2 * KEPT - 100, 2 * KEPT - 150]
    )


def test_decisions_compare_the_models_threshold_with_others(known):
    half, pays, everyone = list_decisions(known)

    assert half == Decision("the model's threshold", 0.5, 2, 1, 1, 1, pytest.approx(KEPT - 50))
    assert (half.precision, half.recall) == (0.5, 0.5)
    assert (pays.name, pays.flagged, pays.caught) == ("where an offer pays", 4, 2)
    assert everyone == Decision(
        "an offer to everyone", 0.0, 5, 2, 0, 3, pytest.approx(2 * KEPT - 150)
    )


def test_nobody_flagged_has_no_precision(known):
    nobody = list_decisions(replace(known, probabilities=known.probabilities / 100))[0]

    assert (nobody.flagged, nobody.precision, nobody.recall, nobody.profit) == (0, None, 0.0, 0.0)


def test_another_threshold_is_compared_with_one_half(described, pack, table, rows):
    described["schema"] |= {"threshold": 0.31, "economics": ECONOMICS | {"success": 0.0}}

    names = [item.name for item in list_decisions(gather_evidence(pack(described), table, rows))]

    assert names == ["one half", "the model's threshold", "an offer to everyone"]


def test_chosen_threshold_stands_on_the_curve(known):
    marker = plot_profit(known).figure.axes[0].lines[-1].get_xydata().tolist()

    assert marker == [[0.5, pytest.approx((KEPT - 50) * 1000 / 5)]]


def test_example_figures_are_called_that(known, described, pack, table, rows):
    described["schema"]["economics"] = {"value": 900.0, "cost": 10.0, "success": 0.5}
    told = gather_evidence(pack(described), table, rows)

    assert plot_profit(known).caption == (
        "What offers to everyone above a threshold would have earned. EXAMPLE figures, as "
        "training was told none: a customer who is kept is worth 600, an offer costs 50, and "
        "keeps 30% of those who would leave."
    )
    assert "Assumed: a customer who is kept is worth 900," in plot_profit(told).caption
