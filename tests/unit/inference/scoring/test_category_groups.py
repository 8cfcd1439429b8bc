import pytest

from inference.scoring.category_groups import ENTRY_BYTES, MAX_GROUP_BYTES, group_categories
from inference.scoring.records import UNSEEN

TABLES = [
    {"a": 1, "b": 2, UNSEEN: 0},
    {"c": 10, "d": 20, "e": 30, UNSEEN: 0},
    {"f": 100, "g": 200, UNSEEN: 0},
]


def allowing(combinations):
    """Return the bytes of a value of which a group may keep so many."""
    return MAX_GROUP_BYTES // combinations - ENTRY_BYTES


@pytest.mark.parametrize(
    ("combinations", "groups"),
    [
        (1, [("a",), ("d",), ("g",)]),
        (6, [("a", "d"), ("g",)]),
        (11, [("a", "d"), ("g",)]),
        (12, [("a", "d", "g")]),
    ],
)
def test_groups_are_as_large_as_their_combinations_allow(combinations, groups):
    split, _ = group_categories(TABLES, sum, allowing(combinations))

    assert [*split(("a", "d", "g"))] == groups


@pytest.mark.parametrize("combinations", [1, 6, 12])
def test_groups_come_to_what_the_features_do(combinations):
    split, tables = group_categories(TABLES, sum, allowing(combinations))

    for _ in range(2):
        groups = split(("b", "c", UNSEEN))
        assert sum(table[group] for table, group in zip(tables, groups, strict=True)) == 12


def test_combination_is_worked_out_once():
    worked_out = []

    def combine(values):
        worked_out.append([*values])
        return sum(worked_out[-1])

    _, (table,) = group_categories(TABLES, combine, value_bytes=0)

    assert [table["a", "c", "f"], table["a", "c", "f"]] == [111, 111]
    assert worked_out == [[1, 10, 100]]


def test_only_categories_of_training_are_kept():
    _, (table,) = group_categories(TABLES, sum, value_bytes=0)

    assert table["a", UNSEEN, "f"] == 101
    with pytest.raises(KeyError):
        table["a", "Weekly", "f"]
    assert table == {}


def test_model_without_categories_has_no_group():
    split, tables = group_categories([], sum, value_bytes=0)

    assert (split(()), tables) == ((), [])
