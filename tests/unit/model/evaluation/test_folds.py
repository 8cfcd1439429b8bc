from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import RepeatedStratifiedKFold, train_test_split

from model.evaluation.folds import split_by_time, split_dataset, split_folds, split_rows

TARGET = (np.arange(100) % 4 == 0).astype(np.int64)
GROUPS = np.concatenate([np.arange(80), np.arange(20)])  # the last 20 rows repeat the first 20


@pytest.fixture
def repeating():
    """A target that is the same in rows of one group."""
    return TARGET[GROUPS]


def test_a_fifth_is_held_out_as_in_the_first_version():
    train, test = train_test_split(np.arange(100), test_size=0.2, random_state=42, stratify=TARGET)

    assert [rows.tolist() for rows in split_rows(TARGET)] == [train.tolist(), test.tolist()]


def test_folds_are_scikit_learns_repeated_ones():
    splitter = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=42)

    found = [(seen.tolist(), unseen.tolist()) for seen, unseen in split_folds(TARGET)]

    expected = splitter.split(TARGET, TARGET)
    assert found == [(seen.tolist(), unseen.tolist()) for seen, unseen in expected]


def test_many_rows_are_gone_through_once():
    target = np.tile(TARGET, 100)

    assert (len(split_folds(target[:-4])), len(split_folds(target))) == (10, 5)


def test_no_split_has_one_group_on_both_sides(repeating):
    splits = [split_rows(repeating, GROUPS), *split_folds(repeating, GROUPS)]

    for one, other in splits:
        assert sorted([*one, *other]) == list(range(100))
        assert not set(GROUPS[one]) & set(GROUPS[other])


def test_held_out_groups_are_a_fifth_with_the_tables_share_of_leavers(repeating):
    _, test = split_rows(repeating, GROUPS)

    held_out = np.unique(GROUPS[test])
    assert len(held_out) == 16
    assert repeating[held_out].mean() == 0.25


def test_groups_of_one_row_each_change_nothing():
    alone = np.arange(100)[::-1].copy()

    for found, expected in zip(split_rows(TARGET, alone), split_rows(TARGET), strict=True):
        assert len(found) == len(expected)
        assert TARGET[found].sum() == TARGET[expected].sum()


def test_the_latest_rows_are_held_out_and_one_time_stays_together():
    order = np.array([3, 0, 1, 2, 3, 0, 1, 2, 4, 0])  # of ten rows the latest two are 4 and 3s

    train, test = split_by_time(order)

    # later than 3: one row; later than 2: three rows; both one row off, the earlier cut first
    assert test.tolist() == [0, 4, 8]
    assert train.tolist() == [1, 2, 3, 5, 6, 7, 9]


def test_a_table_is_split_by_time_or_groups_where_it_has_them(customers):
    order = np.arange(80)[::-1].copy()
    groups = np.arange(80)

    by_time = split_dataset(replace(customers, time_order=order, groups=groups))

    assert [rows.tolist() for rows in by_time] == [[*range(16, 80)], [*range(16)]]
    assert [rows.tolist() for rows in split_dataset(customers)] == [
        rows.tolist() for rows in split_rows(customers.target)
    ]
