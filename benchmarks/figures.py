"""Repeated measurements become medians; two contenders are compared round by round."""

from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import Any

Figures = dict[str, Any]  # median, p95, and each round's value, in the rounds' order


def summarize(values: Iterable[float]) -> Figures:
    """Return median and 95th percentile of at least two rounds, and what they come from."""
    rounds = list(values)
    p95 = quantiles(rounds, n=20, method="inclusive")[-1]
    return {"median": median(rounds), "p95": p95, "rounds": rounds}


def compare(formula: Callable[..., float], *figures: Figures) -> float:
    """Return the median over the rounds of a formula: what slows a round down slows all in it."""
    return median(map(formula, *(entry["rounds"] for entry in figures)))
