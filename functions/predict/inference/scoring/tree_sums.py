"""What the bits that a row leaves of some trees come to: tables of the sums of their values."""

from math import frexp

BYTE = 8  # bits looked up together, of several trees
BITS = 61  # a sum within 64 bits is fast
MAX_POWER = 1_000  # of two, as a double


def count_in_units(trees: list[list[float]]) -> tuple[list[list[int]], float]:
    """Return the trees' values as multiples of a power of two, and that.

    Sums of integers are exact, so they come to the same in whatever order, on whatever Python. The
    largest sum has BITS bits, more than a double has.
    """
    largest = sum(max(map(abs, values), default=0.0) for values in trees)
    power = min(BITS - frexp(largest)[1], MAX_POWER)
    scale = 2.0**power
    return [[round(value * scale) for value in values] for values in trees], 2.0**-power


def sum_leaves(trees: list[list[int]]) -> list[list[int]]:
    """Return per eight leaves the sum of values for each byte that a row can leave of them."""
    leaves = [(tree, value) for tree, values in enumerate(trees) for value in values]
    return [_sum_patterns(leaves[start : start + BYTE]) for start in range(0, len(leaves), BYTE)]


def _sum_patterns(leaves: list[tuple[int, int]]) -> list[int]:
    """Return the sums, at the places of the bytes with no two leaves of a tree."""
    sums = {0: 0}
    current = -1
    others = []
    for place, (tree, value) in enumerate(leaves):
        if tree != current:
            current, others = tree, [*sums.items()]
        for pattern, total in others:
            sums[pattern | 1 << place] = total + value
    table = [0] * (max(sums) + 1)
    for pattern, total in sums.items():
        table[pattern] = total
    return table


def sum_words(values: list[int], bits: int) -> list[dict[int, int]]:
    """Return per word of a tree's leaves the value of each that can be left, or of none."""
    words = [values[start : start + bits] for start in range(0, len(values), bits)]
    return [{0: 0} | {1 << place: value for place, value in enumerate(word)} for word in words]


class Answers(dict):
    """The sums of some symmetric trees' values for the bytes of answers met so far.

    There are 256 for each byte, and customers that are alike answer alike: worked out when the
    model loads, they would take longer than all the rest.
    """

    __slots__ = ("_trees",)

    def __init__(self, trees: list[list[int]]) -> None:
        super().__init__()
        self._trees = trees

    def __missing__(self, answers: int) -> int:
        """Return the sum; the first tree's answers are the lowest bits."""
        total, rest = 0, answers
        for values in self._trees:
            rest, leaf = divmod(rest, len(values))
            total += values[leaf]
        self[answers] = total
        return total
