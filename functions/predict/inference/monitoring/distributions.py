"""How likely chance alone is to bring about a statistic at least as large, in few lines."""

from collections.abc import Sequence
from functools import cache
from math import erfc, exp, lgamma, log, pi, sqrt

_TERMS = 20  # of a series that converges within the first few
_HALVINGS = 100  # of an interval: more than a double has digits


def chi_squared_sf(statistic: float, freedom: int) -> float:
    """Return the probability of a larger chi-squared of so many degrees of freedom.

    Source:
        The incomplete gamma function of whole and half numbers (NIST DLMF 8.4.8 and 8.4.14).
    """
    half = statistic / 2
    if half <= 0:
        return 1.0
    first = 0.5 if freedom % 2 else 0.0
    powers = (first + step for step in range(freedom // 2))
    terms = (exp(power * log(half) - half - lgamma(power + 1)) for power in powers)
    return min(1.0, (erfc(sqrt(half)) if freedom % 2 else 0.0) + sum(terms))


@cache
def chi_squared_isf(probability: float, freedom: int) -> float:
    """Return the chi-squared that chance exceeds with a probability."""
    low, high = 0.0, 1.0
    while chi_squared_sf(high, freedom) > probability:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if chi_squared_sf(middle, freedom) > probability:
            low = middle
        else:
            high = middle
    return high


def kolmogorov_sf(statistic: float) -> float:
    """Return the probability of a larger distance between two samples' distributions.

    Args:
        statistic: the distance times the square root of n m / (n + m).

    Source:
        Kolmogorov's limit (NIST/SEMATECH e-Handbook, 1.3.5.16) in the two forms of Jacobi's theta
        function, each where it converges.
    """
    if statistic <= 0:
        return 1.0
    if statistic < 1:
        rate = (pi / statistic) ** 2 / 8
        below = sum(exp(-rate * (2 * step - 1) ** 2) for step in range(1, _TERMS))
        return 1.0 - sqrt(2 * pi) / statistic * below
    return 2 * sum((-1) ** (k - 1) * exp(-2 * (k * statistic) ** 2) for k in range(1, _TERMS))


def adjust_for_many(probabilities: Sequence[float]) -> list[float]:
    """Return for each of several tests the share of false alarms, if it and all below it alarm.

    Source:
        Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995).
    """
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__, reverse=True)
    adjusted = [1.0] * len(probabilities)
    lowest = 1.0
    for rank, place in zip(range(len(order), 0, -1), order, strict=True):
        lowest = min(lowest, probabilities[place] * len(order) / rank)
        adjusted[place] = lowest
    return adjusted
