"""One field's counts beside those of training: could chance have brought about the difference?"""

from collections.abc import Sequence
from math import log, sqrt

from inference.monitoring.distributions import chi_squared_isf, chi_squared_sf, kolmogorov_sf

FEWEST = 5.0  # customers expected in a bin, below which chi-squared is no chi-squared
ALPHA = 0.001  # of chance alone: per window, over all fields together

Counts = Sequence[int]


def compare(reference: Counts, counts: Counts, *, has_order: bool) -> dict[str, float]:
    """Return how far two samples are apart.

    Args:
        reference: training customers in each bin.
        counts: those of a window, in the same bins.
        has_order: of a number, whose bins but the last, the blanks', ascend.

    Returns:
        `p`, the probability that chance alone takes them so far apart; `psi`, the population
        stability index, and `psi_critical`, which it exceeds by chance with ALPHA at these sample
        sizes; `moved`, the share of customers that would have to be in another bin.
    """
    total, other = sum(reference), sum(counts)
    if not (total and other):
        return {"p": 1.0, "psi": 0.0, "psi_critical": 0.0, "moved": 0.0}
    probability = _test_bins(reference, counts)
    if has_order:
        # Two tests of one field: either may find what the other doesn't.
        steps = _test_steps(reference[:-1], counts[:-1])
        probability = min(1.0, 2 * min(probability, steps))
    filled = sum(1 for pair in zip(reference, counts, strict=True) if any(pair))
    pairs = [(a / total, b / other) for a, b in zip(reference, counts, strict=True)]
    return {
        "p": probability,
        "psi": measure_stability(reference, counts),
        "psi_critical": find_critical_stability(total, other, filled),
        "moved": sum(abs(a - b) for a, b in pairs) / 2,
    }


def measure_stability(reference: Counts, counts: Counts) -> float:
    """Return the population stability index; half a customer more in each bin keeps it finite."""
    filled = [pair for pair in zip(reference, counts, strict=True) if any(pair)]
    sizes = [sum(sample) + len(filled) / 2 for sample in zip(*filled, strict=True)]
    shares = [[(count + 0.5) / n for count, n in zip(pair, sizes, strict=True)] for pair in filled]
    return sum((b - a) * log(b / a) for a, b in shares)


def find_critical_stability(reference: int, customers: int, bins: int) -> float:
    """Return the index that chance alone exceeds with ALPHA.

    Where nothing has changed, it is (1/n + 1/m) times a chi-squared; the usual 0.1 and 0.25 alarm
    too often with few customers and too seldom with many.

    Source:
        Yurdakul and Naranjo, Statistical properties of the population stability index (2020).
    """
    return chi_squared_isf(ALPHA, max(1, bins - 1)) * (1 / reference + 1 / customers)


def _test_bins(reference: Counts, counts: Counts) -> float:
    """Return chi-squared's p of two samples, bins of few customers taken together."""
    n, m = sum(reference), sum(counts)
    smaller = min(n, m) / (n + m)
    bins, few = [], (0, 0)
    for a, b in sorted(zip(reference, counts, strict=True), key=sum):
        if (a + b) * smaller < FEWEST:
            few = (few[0] + a, few[1] + b)
        else:
            bins.append((a, b))
    if sum(few) * smaller >= FEWEST or not bins:
        bins.append(few)
    else:  # the smallest takes them in
        bins[0] = (bins[0][0] + few[0], bins[0][1] + few[1])
    statistic = sum((a * m - b * n) ** 2 / (a + b) for a, b in bins) / (n * m)
    return chi_squared_sf(statistic, len(bins) - 1) if len(bins) > 1 else 1.0


def _test_steps(reference: Counts, counts: Counts) -> float:
    """Return Kolmogorov's and Smirnov's p, from the distributions at the bins' edges."""
    n, m = sum(reference), sum(counts)
    if not (n and m):
        return 1.0
    below = [0, 0]
    largest = 0.0
    for a, b in zip(reference, counts, strict=True):
        below = [below[0] + a, below[1] + b]
        largest = max(largest, abs(below[0] / n - below[1] / m))
    return kolmogorov_sf(largest * sqrt(n * m / (n + m)))
