import numpy as np
import pandas as pd
import pytest

from model.report.sections.value_effects import ValueEffect, sum_up_effects


def test_categories_are_summed_up_by_size():
    values = pd.Series(["a"] * 2 + ["b"] * 3 + [np.nan], name="plan", dtype=object)

    found = sum_up_effects(values, np.array([1.0, 2.0, -1.0, -1.0, -4.0, 0.5]))

    assert found.values == [
        ValueEffect("b", None, 3, -2.0, pytest.approx(-3.4), pytest.approx(-1.0)),
        ValueEffect("a", None, 2, 1.5, pytest.approx(1.1), pytest.approx(1.9)),
        ValueEffect("blank", None, 1, 0.5, 0.5, 0.5),
    ]
    assert (found.feature, found.left_out, found.points) == ("plan", 0, [])
    assert found.reach == pytest.approx(3.4)


def test_a_range_is_followed_in_parts_of_the_same_size():
    numbers = np.arange(24.0)[::-1]

    found = sum_up_effects(pd.Series(numbers, name="tenure"), numbers * 10)

    assert [point.at for point in found.points] == [0.5 + 2 * part for part in range(12)]
    assert [point.mean for point in found.points] == [5.0 + 20 * part for part in range(12)]
    assert {point.customers for point in found.points} == {2}


def test_blanks_of_a_range_stand_apart():
    values = pd.Series([*np.arange(20.0), np.nan, np.nan], name="charges")

    found = sum_up_effects(values, np.array([0.0] * 20 + [1.0, 2.0]))

    assert len(found.points) == 12
    assert found.values[12:] == [
        ValueEffect("blank", None, 2, 1.5, pytest.approx(1.1), pytest.approx(1.9))
    ]


def test_only_the_largest_categories_are_listed():
    values = pd.Series([f"c{row % 12}" for row in range(30)], name="branch", dtype=object)

    found = sum_up_effects(values, np.zeros(30))

    assert len(found.values) == 9
    assert {value.customers for value in found.values} == {2, 3}
    assert found.left_out == 3
    assert found.reach == 0.0
