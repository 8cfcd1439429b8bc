import numpy as np
import pandas as pd

from model.table.groups import split_groups


def test_numbers_are_cut_at_their_quartiles_as_labelled():
    values = pd.Series([float(number) for number in range(1, 17)] + [np.nan], name="tenure")

    groups = split_groups(values)

    assert [(group.label, group.size) for group in groups] == [
        ("up to 4.75", 4),
        ("over 4.75, up to 8.5", 4),
        ("over 8.5, up to 12.25", 4),
        ("over 12.25", 4),
        ("blank", 1),
    ]
    assert values[groups[1].mask].tolist() == [5.0, 6.0, 7.0, 8.0]


def test_a_cut_is_rounded_before_it_cuts():
    # the median is 12,345.5: written with four digits, that is 12,350
    values = pd.Series([1.0] * 9 + [12_345.0, 12_346.0, *range(20_000, 20_009)], name="charges")

    groups = split_groups(values)

    assert [(group.label, group.size) for group in groups] == [
        ("up to 1", 9),
        ("over 1, up to 12,350", 2),
        ("over 12,350, up to 20,000", 1),
        ("over 20,000", 8),
    ]


def test_a_number_that_is_mostly_one_value_makes_fewer_groups():
    values = pd.Series([0.0] * 30 + [float(number) for number in range(1, 13)], name="balance")

    assert [(group.label, group.size) for group in split_groups(values)] == [
        ("up to 0", 30),
        ("over 0, up to 1.75", 1),
        ("over 1.75", 11),
    ]


def test_few_different_numbers_are_groups_in_their_order():
    values = pd.Series([1.0, 0.0, 0.0, np.nan], name="SeniorCitizen")

    assert [(group.label, group.size) for group in split_groups(values)] == [
        ("0", 2),
        ("1", 1),
        ("blank", 1),
    ]


def test_categories_come_by_size_and_blanks_last():
    values = pd.Series(["a", "b", "b", np.nan, np.nan, np.nan], name="plan", dtype=object)

    groups = split_groups(values)

    assert [(group.feature, group.label, group.size) for group in groups] == [
        ("plan", "b", 2),
        ("plan", "a", 1),
        ("plan", "blank", 3),
    ]
    assert groups[0].mask.tolist() == [False, True, True, False, False, False]
