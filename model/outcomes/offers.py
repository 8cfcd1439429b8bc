"""What offers did: the customers who got one beside the others, each held against their scores."""

import numpy as np

from model.outcomes.figures import PER, Figure, add_to_mean, estimate
from model.outcomes.joining import Customers


def measure_offers(
    treated: Customers, others: Customers, economics: dict[str, float] | None
) -> dict[str, Figure]:
    """Return kept_share of those who got an offer and, given economics, profit_per_1000 offers.

    A customer counts as kept who stayed although the scores, corrected by what the others did,
    expected them to leave. That the offer did it holds where the treated were drawn by lot among
    customers of like scores; otherwise it shows how the two groups differ.

    Args:
        treated: those who got an offer.
        others: those who didn't.
        economics: value, cost and success of an offer; success is what is promised.
    """
    surprises = [group.left - group.probability for group in (treated, others)]
    kept = float(surprises[1].mean() - surprises[0].mean())
    influence = np.concatenate([-add_to_mean(surprises[0]), add_to_mean(surprises[1])])
    if economics is None:
        return {"kept_share": estimate(kept, influence, lowest=-1.0, highest=1.0)}
    value, cost, success = (economics[name] for name in ("value", "cost", "success"))
    expected = float(treated.probability.mean())
    # Who leaves has not used the offer, which therefore costs nothing: see `expected_gain`.
    stayed = np.concatenate([add_to_mean(1.0 - treated.left), np.zeros(len(others.left))])
    earned = kept * value - cost * float(1.0 - treated.left.mean())
    promised = success * expected * (value - cost) - cost * (1.0 - expected)
    return {
        "kept_share": estimate(kept, influence, success * expected, -1.0, 1.0),
        "profit_per_1000": estimate(
            PER * earned, PER * (value * influence - cost * stayed), PER * promised, -np.inf
        ),
    }
