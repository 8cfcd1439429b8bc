"""What a retention offer to each customer is expected to earn, and how far a budget reaches.

Source: the profit of a churn campaign, Neslin et al., Defection Detection, Journal of Marketing
Research 43 (2006), for one customer and one offer; assumptions in docs/api.md.
"""

from math import fsum

from inference.errors import BodyError

MAX_AMOUNT = 1e12  # in any currency
ROUNDING = 1e-9  # 0.3 / 0.1 is just under 3 in binary, and still pays for three offers

REQUIRED = ("value", "cost", "success")
_LIMITS = {"value": MAX_AMOUNT, "cost": MAX_AMOUNT, "success": 1, "budget": MAX_AMOUNT}


def read_economics(value: object) -> dict:
    """Return the figures that a request states; what it leaves out is for the model file to say.

    Raises:
        BodyError: neither an object nor true, an unknown member, or a figure out of range.
    """
    if value is True:
        return {}
    if not isinstance(value, dict):
        raise BodyError("economics: expected an object, or true for what the model file states")
    if not value.keys() <= _LIMITS.keys():
        raise BodyError(f"economics: expected no members but {', '.join(_LIMITS)}")
    for name, figure in value.items():
        is_number = isinstance(figure, int | float) and not isinstance(figure, bool)
        if not is_number or not 0 <= figure <= _LIMITS[name]:
            raise BodyError(f"economics.{name}: expected a number from 0 to {_LIMITS[name]:,.0f}")
    return value


def value_offers(default: dict | None, stated: dict, predictions: list[float | None]) -> dict:
    """Return the answer's members `expected_gain` (None for a record without one) and `offers`.

    Args:
        default: what the model file states, if anything.
        stated: what the request does, by `read_economics`; it overrules the default.
        predictions: probability of leaving per record; None for one that couldn't be scored.

    Raises:
        BodyError: a figure that neither of them states.
    """
    figures = (default or {}) | stated
    for name in REQUIRED:
        if name not in figures:
            raise BodyError(f"economics.{name}: missing; this model's file has no default")
    value, cost, success = (figures[name] for name in REQUIRED)
    gains = [
        None if probability is None else expected_gain(probability, value, cost, success)
        for probability in predictions
    ]
    return {"expected_gain": gains, "offers": rank_offers(gains, cost, figures.get("budget"))}


def expected_gain(probability: float, value: float, cost: float, success: float) -> float:
    """Return p * success * (value - cost) - (1 - p) * cost, in the currency of value and cost.

    A churner who is won back pays `value` and has used the offer; one who leaves anyway hasn't;
    a customer who would have stayed takes it too.

    Args:
        probability: p, of leaving when no offer is made.
        value: what a customer who is kept is worth.
        cost: of one offer that is taken.
        success: share of churners whom an offer keeps, 0 to 1.
    """
    return probability * success * (value - cost) - (1.0 - probability) * cost


def rank_offers(gains: list[float | None], cost: float, budget: float | None) -> dict:
    """Return whom to make the offer, best first, and where to stop.

    An offer is made where it is expected to earn something, and while the budget holds even if
    every customer takes it: all offers cost the same, so the best n are the best choice of n.

    Args:
        gains: expected gain per record; None for a record that couldn't be scored.
        cost: of one offer that is taken.
        budget: what may be spent at most; None is no limit.

    Returns:
        `records` (indices, highest gain first), `spend_at_most` and `expected_gain`.
    """
    worth = [(gain, index) for index, gain in enumerate(gains) if gain is not None and gain > 0.0]
    ranked = sorted(worth, key=lambda offer: -offer[0])
    if budget is not None and len(ranked) * cost > budget:
        ranked = ranked[: int(budget / cost + ROUNDING)]
    return {
        "records": [index for _, index in ranked],
        "spend_at_most": len(ranked) * cost,
        "expected_gain": fsum(gain for gain, _ in ranked),
    }
