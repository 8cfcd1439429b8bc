import numpy as np
import pandas as pd
import pytest

from model.inspection.differences import MAX_COLUMNS, list_differences

ROWS = 500


@pytest.fixture
def parts():
    """Two numbers that have nothing to do with each other, and what nobody can see."""
    rng = np.random.default_rng(3)
    return rng.uniform(1, 70, ROWS), rng.uniform(20, 100, ROWS), rng.normal(size=ROWS)


def differ(frame):
    return {frozenset(group): left for group, left in list_differences(frame)}


def correlate(first, second):
    return abs(np.corrcoef(first, second)[0, 1])


def test_what_a_sum_has_beyond_its_parts_is_left(parts):
    first, second, hidden = parts
    frame = pd.DataFrame({"a": first, "b": second, "c": first - 2 * second + 3 * hidden})

    left = differ(frame)[frozenset("abc")]

    assert correlate(left, hidden) > 0.99


def test_what_a_product_has_beyond_its_factors_is_left(parts):
    first, second, hidden = parts
    first = first + 10  # far enough from 0 for the logarithm of one more
    frame = pd.DataFrame({"a": first, "b": second, "c": first * second * (3 + np.tanh(hidden))})

    left = differ(frame)[frozenset("abc")]

    assert correlate(left, np.log(3 + np.tanh(hidden))) > 0.99


def test_numbers_that_say_nothing_of_each_other_have_no_difference(parts):
    assert differ(pd.DataFrame(dict(zip("abc", parts, strict=True)))) == {}


def test_a_column_that_repeats_others_has_none_either(parts):
    first, second, _ = parts
    frame = pd.DataFrame({"a": first, "b": second - 60, "c": first + second - 60})

    assert frozenset("abc") not in differ(frame)


def test_a_blank_counts_as_the_median_and_a_constant_as_nothing(parts):
    first, second, hidden = parts
    first[0] = np.nan
    frame = pd.DataFrame({"a": first, "b": second, "c": 1.0, "d": first + second + hidden})
    filled = frame.fillna(frame.median())

    for group, left in differ(frame).items():
        assert "c" not in group
        assert np.array_equal(left, differ(filled)[group])


def test_of_very_many_numbers_the_first_are_compared(parts):
    first, second, hidden = parts
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({f"n{place}": rng.normal(size=ROWS) for place in range(MAX_COLUMNS - 2)})
    frame = frame.assign(a=first, b=second)

    assert differ(frame.assign(c=first + second + hidden)) == {}
