"""From which probability a customer counts as leaving: chosen for F1 or for profit."""

import math
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix_at_thresholds

from model.errors import ModelError
from model.evaluation.campaign import sum_profit
from model.evaluation.metrics import Floats, Targets

DEFAULT = 0.5
RULES = ("0.5", "f1", "profit")


def choose_threshold(
    rule: str, target: Targets, probabilities: Floats, economics: dict[str, float] | None = None
) -> float:
    """Return the threshold that would have been best for these customers.

    It is one of the probabilities; of equally good ones the highest, which bothers the fewest
    customers. They must come from models that haven't seen the customers, or it is too high.

    Args:
        rule: one of RULES; "0.5" looks at nothing.
        target: 1 for who left, 0 for who stayed.
        probabilities: of leaving, in the same order.
        economics: what `parse_economics` returns; for "profit".

    Raises:
        ModelError: no threshold earns anything, or no economics for "profit".
    """
    if rule == "0.5":
        return DEFAULT
    _, false_alarms, missed, caught, thresholds = confusion_matrix_at_thresholds(
        target, probabilities
    )
    if rule == "f1":
        score = 2 * caught / (2 * caught + false_alarms + missed)
    else:
        score = _profits(caught, false_alarms, economics)
    return float(thresholds[np.argmax(score)])


def parse_economics(text: str) -> dict[str, float]:
    """Return value, cost and success of a retention offer from a text such as "600,50,0.3".

    Raises:
        ValueError: what was expected instead.
    """
    try:
        value, cost, success = (float(part) for part in text.split(","))
    except ValueError as error:
        raise ValueError("expected VALUE,COST,SUCCESS, such as 600,50,0.3") from error
    if not (math.isfinite(value) and 0 < cost < value):
        raise ValueError("expected a cost above 0, and a value above the cost")
    if not 0 < success <= 1:
        raise ValueError("expected a share of successes above 0 and up to 1")
    return {"value": value, "cost": cost, "success": success}


def _profits(caught: Any, false_alarms: Any, economics: dict[str, float] | None) -> Any:
    if economics is None:
        raise ModelError("--threshold profit: say --economics VALUE,COST,SUCCESS")
    profits = sum_profit(caught, false_alarms, economics)
    if profits.max() <= 0:
        raise ModelError("--threshold profit: with these economics no offer earns anything")
    return profits
