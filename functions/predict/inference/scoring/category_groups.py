"""Categories looked up several at a time: what a combination comes to is worked out once.

Real customers share few combinations, so most rows take one look-up for each group of features
instead of one for each feature.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import getitem, itemgetter

from inference.scoring.records import UNSEEN, Categories

MAX_GROUP_BYTES = 1_500_000
ENTRY_BYTES = 500  # of a combination: dict entry, tuple and texts; its value comes on top

Split = Callable[[Sequence], tuple[Sequence, ...]]  # of a row's categories, or of their columns


class Combinations(dict):
    """A group's combinations met so far; a new one is worked out from the features' own tables."""

    __slots__ = ("_combine", "_tables")

    def __init__(self, tables: Sequence[dict], combine: Callable) -> None:
        super().__init__()
        self._tables, self._combine = tables, combine

    def __missing__(self, categories: Categories) -> float:
        """Return what the categories come to; KeyError where a table has no such category."""
        value = self._combine(map(getitem, self._tables, categories))
        if UNSEEN not in categories:  # else there would be more combinations than were counted
            self[categories] = value
        return value


def group_categories(
    tables: Sequence[dict], combine: Callable, value_bytes: int
) -> tuple[Split, list[Combinations]]:
    """Return what cuts a row's categories into groups, and each group's table.

    Args:
        tables: category -> value, one for each categorical feature, UNSEEN among the categories.
        combine: values -> what they come to.
        value_bytes: how large that is; what is kept is bounded.
    """
    most = MAX_GROUP_BYTES // (ENTRY_BYTES + value_bytes)
    slices = _cut([len(table) - 1 for table in tables], most)
    split: Split = itemgetter(*slices) if len(slices) > 1 else _take_all
    groups = [Combinations(tables[group], combine) for group in slices]
    return (split, groups) if groups else (_take_none, [])


def _cut(sizes: list[int], most: int) -> list[slice]:
    """Return groups of neighbours, each as large as `most` combinations allow."""
    starts: list[int] = []
    combinations = 1
    for place, size in enumerate(sizes):
        combinations *= size
        if not starts or combinations > most:
            starts.append(place)
            combinations = size
    return [slice(*ends) for ends in pairwise([*starts, len(sizes)])]


def _take_all(categories: Sequence) -> tuple[Sequence]:
    return (categories,)


def _take_none(_categories: Sequence) -> tuple[Sequence, ...]:
    return ()
