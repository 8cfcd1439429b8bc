from fractions import Fraction
from math import ulp

import pytest

from inference.scoring.tree_sums import count_in_units

VALUES = [[0.1, -0.7], [1 / 3, 2.0, -1e-9], [0.0]]
LARGEST_SUM = 0.7 + 2.0


@pytest.mark.parametrize("factor", [1.0, 2.0**-900, 2.0**1020], ids=["usual", "tiny", "huge"])
def test_values_are_counted_more_finely_than_doubles_add_up(factor):
    values = [[value * factor for value in tree] for tree in VALUES]

    counts, unit = count_in_units(values)

    assert unit <= ulp(LARGEST_SUM * factor) / 100
    for tree, own in zip(values, counts, strict=True):
        for value, count in zip(tree, own, strict=True):
            assert abs(count * Fraction(unit) - Fraction(value)) <= Fraction(unit) / 2
    assert sum(max(map(abs, own)) for own in counts) < 2**63


def test_nothing_counts_nothing():
    assert count_in_units([[0.0], []])[0] == [[0], []]
    assert count_in_units([])[0] == []
