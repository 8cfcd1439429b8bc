"""What the bits that a row leaves of some trees come to: tables of the sums of their values."""

from math import frexp

BYTE = 8  # bits looked up together, of several trees
BITS = 52  # of the largest sum, in units: one fewer than a double has, for what is rounded up
MAX_POWER = 1_000  # of two, as a double


def round_to_unit(trees: list[list[float]], baseline: float) -> tuple[list[list[float]], float]:
    """Return the trees' values and the baseline as multiples of one power of two.

    All their sums are doubles, too, so that nothing is lost by adding them up, and they come to
    the same in whatever order, on whatever Python.
    """
    parts = [[baseline], *trees]
    highest, lowest = (sum(most([0.0, *values]) for values in parts) for most in (max, min))
    scale = 2.0 ** min(BITS - frexp(max(highest, -lowest))[1], MAX_POWER)
    rounded = [[round(value * scale) / scale for value in values] for values in trees]
    return rounded, round(baseline * scale) / scale


def sum_leaves(trees: list[list[float]]) -> list[list[float]]:
    """Return per eight leaves the sum of values for each byte that a row can leave of them."""
    leaves = [(tree, value) for tree, values in enumerate(trees) for value in values]
    return [_sum_patterns(leaves[start : start + BYTE]) for start in range(0, len(leaves), BYTE)]


def _sum_patterns(leaves: list[tuple[int, float]]) -> list[float]:
    """Return the sums, at the places of the bytes with no two leaves of a tree."""
    sums = {0: 0.0}
    current = -1
    others = []
    for place, (tree, value) in enumerate(leaves):
        if tree != current:
            current, others = tree, [*sums.items()]
        for pattern, total in others:
            sums[pattern | 1 << place] = total + value
    table = [0.0] * (max(sums) + 1)
    for pattern, total in sums.items():
        table[pattern] = total
    return table


def sum_words(values: list[float], bits: int) -> list[dict[int, float]]:
    """Return per word of a tree's leaves the value of each that can be left, or of none."""
    words = [values[start : start + bits] for start in range(0, len(values), bits)]
    return [{0: 0.0} | {1 << place: value for place, value in enumerate(word)} for word in words]


class Answers(dict):
    """The sums of some symmetric trees' values for the bytes of answers met so far.

    There are 256 for each byte, and customers that are alike answer alike: worked out when the
    model loads, they would take longer than all the rest.
    """

    __slots__ = ("_trees",)

    def __init__(self, trees: list[list[float]]) -> None:
        super().__init__()
        self._trees = trees

    def __missing__(self, answers: int) -> float:
        """Return the sum; the first tree's answers are the lowest bits."""
        total, rest = 0.0, answers
        for values in self._trees:
            rest, leaf = divmod(rest, len(values))
            total += values[leaf]
        self[answers] = total
        return total
