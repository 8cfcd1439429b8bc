"""Figures of how good scores were, each beside its promise, with the interval it lies in.

Each figure is, but for terms that vanish, a mean over customers of what each adds to it (its
influence); the sum of squared influences is its variance. For AUC that is DeLong's interval.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.evaluation.campaign import sum_profit
from model.evaluation.metrics import settle_ties, top_decile_lift
from model.outcomes.joining import Customers, Floats
from model.registry.comparison import place_scores

Z = 1.96  # 95 % of a normal distribution lie within so many standard errors
PER = 1_000  # customers
TENTH = 0.1
AROUND = 0.05  # of customers on either side of the tenth's end, for the rate that holds there


@dataclass(frozen=True)
class Figure:
    """What came true, the 95 % interval it lies in, and what was promised, if anything was."""

    value: float
    low: float
    high: float
    promised: float | None

    def as_dict(self) -> dict[str, float | None]:
        """Return it as JSON."""
        return dict(vars(self))


def measure_outcomes(
    customers: Customers, metrics: dict[str, float], economics: dict[str, float] | None
) -> dict[str, Figure]:
    """Return churn_rate, auc, brier, top_decile_lift and, given economics, profit_per_1000.

    The rate's promise is the mean of the probabilities, the profit's what the probabilities say
    that offers to the flagged earn; the others' are those of the customers held out at training.

    Args:
        customers: at least one of whom left, and one who stayed.
        metrics: the model file's, of training.
        economics: value, cost and success of an offer; None leaves the profit out.
    """
    figures = {
        "churn_rate": measure_rate(customers),
        "auc": _measure_auc(customers, metrics.get("auc")),
        "brier": _measure_brier(customers, metrics.get("brier")),
        "top_decile_lift": _measure_lift(customers, metrics.get("top_decile_lift")),
    }
    if economics is not None:
        figures["profit_per_1000"] = _measure_profit(customers, economics)
    return figures


def measure_rate(customers: Customers) -> Figure:
    """Return the share of leavers, promised by the mean of their probabilities."""
    surprise = customers.left - customers.probability
    rate, promised = float(customers.left.mean()), float(customers.probability.mean())
    return estimate(rate, add_to_mean(surprise), promised, highest=1.0)


def calibrate(customers: Customers, least: int) -> list[dict[str, float]]:
    """Return customers, expected and actual share of leavers, of up to ten groups by probability.

    Args:
        customers: any number of them, in any order.
        least: so many, at least, each group has; all of fewer than twice that are one group.
    """
    order = np.argsort(customers.probability, kind="stable")
    groups = np.array_split(order, max(1, min(round(1 / TENTH), len(order) // least)))
    return [
        {
            "customers": len(group),
            "expected": float(customers.probability[group].mean()),
            "actual": float(customers.left[group].mean()),
        }
        for group in groups
    ]


def estimate(
    value: float,
    influence: Floats,
    promised: float | None = None,
    lowest: float = 0.0,
    highest: float = np.inf,
) -> Figure:
    """Return a figure whose interval follows from what each customer adds to it."""
    margin = Z * float(np.sqrt(np.square(influence).sum()))
    return Figure(value, max(lowest, value - margin), min(highest, value + margin), promised)


def add_to_mean(values: Any) -> Any:
    """Return what each value adds to the deviation of their mean: a mean's influence."""
    return (values - values.mean()) / len(values)


def _measure_auc(customers: Customers, promised: float | None) -> Figure:
    has_left = customers.left == 1
    placements = place_scores(settle_ties(customers.probability), has_left)
    auc = float(placements[has_left].mean())
    influence = np.empty(len(placements))
    for group in (has_left, ~has_left):
        influence[group] = (placements[group] - auc) / group.sum()
    return estimate(auc, influence, promised, highest=1.0)


def _measure_brier(customers: Customers, promised: float | None) -> Figure:
    losses = (customers.probability - customers.left) ** 2
    return estimate(float(losses.mean()), add_to_mean(losses), promised, highest=1.0)


def _measure_lift(customers: Customers, promised: float | None) -> Figure:
    """Return the lift; its interval knows that another sample's tenth would end elsewhere."""
    scores, left = settle_ties(customers.probability), customers.left
    lift, rate = top_decile_lift(left, scores), left.mean()
    places = np.empty(len(scores))
    places[np.argsort(-scores, kind="stable")] = (np.arange(len(scores)) + 0.5) / len(scores)
    is_top = places < TENTH
    at_end = left[np.abs(places - TENTH) < AROUND].mean()
    top_rate = lift * rate
    of_top = (is_top * (left - at_end) - TENTH * (top_rate - at_end)) / TENTH
    influence = (of_top / rate - lift / rate * (left - rate)) / len(left)
    return estimate(lift, influence, promised)


def _measure_profit(customers: Customers, economics: dict[str, float]) -> Figure:
    caught = customers.flagged * customers.left
    earned = sum_profit(caught, customers.flagged - caught, economics)
    expected = customers.flagged * customers.probability
    promised = sum_profit(expected, customers.flagged - expected, economics)
    return estimate(
        float(PER * earned.mean()),
        PER * add_to_mean(earned - promised),
        float(PER * promised.mean()),
        lowest=-np.inf,
    )
