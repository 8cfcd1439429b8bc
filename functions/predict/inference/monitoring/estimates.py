"""How good the model is on customers whose answers nobody knows yet, from their scores alone.

What it takes for granted: customers of a score leave as often as those of training did. It sees
that customers have changed; that the same customers behave otherwise only labels can tell.
"""

from collections.abc import Sequence
from random import Random

DRAWS = 500  # of rates and of outcomes, whose spread is the interval
TAILS = 0.025  # cut off on each side: 95 % stay
SEED = 20261125  # the same counts have the same interval

FIGURES = ("churn_rate", "precision", "recall", "auc")


def estimate_quality(scores: dict, counts: Sequence[int], threshold: float) -> dict[str, dict]:
    """Return churn rate, precision, recall and AUC to be expected, each with its interval.

    Args:
        scores: of the reference: `edges`, `counts`, `leavers`.
        counts: customers of a window in the same bins.
        threshold: one of the edges, from which a customer gets the label 1.

    Returns:
        Each figure's `value`, `low` and `high` (95 %), None where it isn't defined.
    """
    first = scores["edges"].index(threshold) + 1
    base = (sum(scores["leavers"]) + 0.5) / (sum(scores["counts"]) + 1)
    rates = [(k + base) / (n + 1) for k, n in zip(scores["leavers"], scores["counts"], strict=True)]
    values = _measure([n * rate for n, rate in zip(counts, rates, strict=True)], counts, first)
    random = Random(SEED)  # noqa: S311  a spread, not a secret  # nosec B311
    draws = [_measure(_draw(random, scores, base, counts), counts, first) for _ in range(DRAWS)]
    figures = zip(FIGURES, values, zip(*draws, strict=True), strict=True)
    return {name: _describe(value, drawn) for name, value, drawn in figures}


def _draw(random: Random, scores: dict, base: float, counts: Sequence[int]) -> list[float]:
    """Return how many may have left in each bin: its rate is uncertain, and so is each customer."""
    leavers = []
    for k, n, customers in zip(scores["leavers"], scores["counts"], counts, strict=True):
        rate = random.betavariate(k + base, n - k + 1 - base)
        drawn = random.gauss(customers * rate, (customers * rate * (1 - rate)) ** 0.5)
        leavers.append(min(max(drawn, 0.0), customers))
    return leavers


def _measure(
    leavers: Sequence[float], counts: Sequence[int], first: int
) -> tuple[float | None, ...]:
    """Return the figures, in the order of FIGURES; `first` is the first bin of label 1."""
    left, found = sum(leavers), sum(leavers[first:])
    stayed = sum(counts) - left
    below = won = 0.0
    for gone, customers in zip(leavers, counts, strict=True):
        kept = customers - gone
        won += gone * (below + kept / 2)
        below += kept
    return (
        _divide(left, sum(counts)),
        _divide(found, sum(counts[first:])),
        _divide(found, left),
        _divide(won, left * stayed),
    )


def _describe(value: float | None, drawn: Sequence[float | None]) -> dict[str, float | None]:
    known = sorted(draw for draw in drawn if draw is not None)
    if value is None or not known:
        return {"value": None, "low": None, "high": None}
    cut = int(len(known) * TAILS)
    return {"value": value, "low": known[cut], "high": known[-1 - cut]}


def _divide(part: float, whole: float) -> float | None:
    return part / whole if whole else None
