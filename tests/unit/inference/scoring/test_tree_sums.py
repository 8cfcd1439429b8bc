import random
from fractions import Fraction
from itertools import chain
from math import ulp

import pytest

from inference.scoring.tree_sums import round_to_unit

VALUES = [[0.1, -0.7], [1 / 3, 2.0, -1e-9], [0.0], *([value / 7] for value in range(40))]
BASELINE = -0.3
SEED = 3


@pytest.mark.parametrize("factor", [1.0, 2.0**-900, 2.0**1015], ids=["usual", "tiny", "huge"])
def test_sums_of_what_is_rounded_are_exact_in_any_order(factor):
    values = [[value * factor for value in tree] for tree in VALUES]
    shuffle = random.Random(SEED).shuffle

    trees, baseline = round_to_unit(values, BASELINE * factor)

    parts = [max(tree, key=abs) for tree in trees] + [baseline]
    exact = sum(map(Fraction, parts))
    for _ in range(20):
        shuffle(parts)
        total = 0.0
        for part in parts:
            total += part
        assert Fraction(total) == exact, f"seed {SEED}"


@pytest.mark.parametrize("factor", [1.0, 2.0**-900, 2.0**1015], ids=["usual", "tiny", "huge"])
def test_a_value_moves_by_less_than_a_bit_of_the_largest_sum(factor):
    values = [[value * factor for value in tree] for tree in VALUES]
    largest_sum = factor * (abs(BASELINE) + sum(max(map(abs, tree)) for tree in VALUES))

    trees, baseline = round_to_unit(values, BASELINE * factor)

    moved = zip(chain(*values), chain(*trees), strict=True)
    assert all(abs(new - old) <= ulp(largest_sum) for old, new in moved)
    assert abs(baseline - BASELINE * factor) <= ulp(largest_sum)


def test_a_sum_has_52_bits():
    """Of sums below 2 the unit is 2^-51; half of it is rounded to an even number of them."""
    trees, _ = round_to_unit([[1.0, 2.0**-51, 2.0**-52, 3 * 2.0**-52]], 0.0)

    assert trees == [[1.0, 2.0**-51, 0.0, 2.0**-50]]


def test_nothing_stays_nothing():
    assert round_to_unit([[0.0], []], 0.0) == ([[0.0], []], 0.0)
    assert round_to_unit([], -2.0) == ([], -2.0)
