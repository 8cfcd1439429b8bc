"""What a retention offer to each customer is expected to earn, and how far a budget reaches.

Source: the profit of a churn campaign, Neslin et al., Defection Detection, Journal of Marketing
Research 43 (2006), for one customer and one offer; assumptions in docs/api.md.
"""

ROUNDING = 1e-9  # 0.3 / 0.1 is just under 3 in binary, and still pays for three offers


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
    worth = [(-gain, index) for index, gain in enumerate(gains) if gain is not None and gain > 0.0]
    ranked = sorted(worth)
    if budget is not None and len(ranked) * cost > budget:
        ranked = ranked[: int(budget / cost + ROUNDING)]
    return {
        "records": [index for _, index in ranked],
        "spend_at_most": len(ranked) * cost,
        "expected_gain": -sum(negative for negative, _ in ranked),
    }
