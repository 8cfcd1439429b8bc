"""What offers to customers earn, of whom it is known who left: one formula, the function's own."""

from typing import Any

from inference.advice.economics import expected_gain


def sum_profit(caught: Any, false_alarms: Any, economics: dict[str, float]) -> Any:
    """Return what offers earn in all, in the currency of the economics.

    Args:
        caught: how many leavers got an offer; a number, or an array of them.
        false_alarms: how many stayers got one, of the same shape.
        economics: value, cost and success of an offer.
    """
    return caught * _gain(1.0, economics) + false_alarms * _gain(0.0, economics)


def find_break_even(economics: dict[str, float]) -> float | None:
    """Return the probability from which an offer earns something; None where none ever does.

    It is the root of `expected_gain`, a straight line in the probability.
    """
    leaver, stayer = _gain(1.0, economics), _gain(0.0, economics)
    return stayer / (stayer - leaver) if leaver > 0 else None


def _gain(probability: float, economics: dict[str, float]) -> float:
    value, cost, success = (economics[name] for name in ("value", "cost", "success"))
    return expected_gain(probability, value, cost, success)
