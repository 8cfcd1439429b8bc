"""Which rows are held out, and the folds of a cross-validation: no row twice on two sides.

Rows that are there twice share a group, and every split deals out whole groups. With a column of
time the latest rows are held out, because that is what production is.
"""

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold, train_test_split

from model.evaluation.metrics import Targets
from model.table.dataset import Dataset

SEED = 42  # of everything that training draws by lot, the held-out rows included
TEST_SHARE = 0.2
FOLDS = 5
REPEATS = 2
MANY_ROWS = 10_000  # from here on the folds' AUCs hardly differ: once through them is enough

Rows = npt.NDArray[np.int64]
Folds = list[tuple[Rows, Rows]]


def split_dataset(
    dataset: Dataset, *, seed: int = SEED, share: float = TEST_SHARE, whole_groups: bool = True
) -> tuple[Rows, Rows]:
    """Return the positions of a table's training part and of the held-out one.

    The held-out rows are the latest where the table has a column of time, else drawn by lot.

    Args:
        dataset: the customers.
        seed: of the lot.
        share: of the rows that are held out.
        whole_groups: whether rows that are there twice stay together.
    """
    if dataset.time_order is not None:
        return split_by_time(dataset.time_order, share)
    groups = dataset.groups if whole_groups else None
    return split_rows(dataset.target, groups, seed=seed, share=share)


def split_rows(
    target: Targets, groups: Rows | None = None, *, seed: int = SEED, share: float = TEST_SHARE
) -> tuple[Rows, Rows]:
    """Return the positions of the training part and of a share drawn by lot, stratified.

    Args:
        target: 0 or 1 for each row.
        groups: a number per row; rows that share it stay together, and have one target.
        seed: of the lot.
        share: of the rows, or of their groups.
    """
    first, member_of = _find_groups(len(target), groups)
    train, test = train_test_split(
        np.arange(len(first)), test_size=share, random_state=seed, stratify=target[first]
    )
    if groups is None:
        return train, test
    return _unite(train, member_of), _unite(test, member_of)


def split_by_time(order: Rows, share: float = TEST_SHARE) -> tuple[Rows, Rows]:
    """Return the positions of the earlier rows and of the latest; one time is on one side.

    Args:
        order: each row's rank by time; rows of one time share it.
        share: of the rows that shall be the latest, as nearly as the times allow.
    """
    times, rows = np.unique(order, return_counts=True)
    later = rows.sum() - rows.cumsum()  # rows after each time
    cut = times[np.abs(later[:-1] - share * len(order)).argmin()] if len(times) > 1 else None
    is_late = order > cut if cut is not None else np.zeros(len(order), dtype=bool)
    return np.flatnonzero(~is_late), np.flatnonzero(is_late)


def draw_rows(dataset: Dataset, rows: Rows, at_most: int) -> Rows:
    """Return at most so many of some rows of a table, drawn by lot, stratified, groups whole."""
    if len(rows) <= at_most:
        return rows
    groups = None if dataset.groups is None else dataset.groups[rows]
    drawn, _ = split_rows(dataset.target[rows], groups, share=1 - at_most / len(rows))
    return rows[drawn]


def count_repeats(rows: int) -> int:
    """Return how often a cross-validation goes through so many rows."""
    return 1 if rows >= MANY_ROWS else REPEATS


def split_folds(target: Targets, groups: Rows | None = None) -> Folds:
    """Return seen and unseen positions per fold, FOLDS of them a repeat; stratified.

    Args:
        target: 0 or 1 for each row.
        groups: as for `split_rows`.
    """
    first, member_of = _find_groups(len(target), groups)
    kinds = target[first]
    lot = np.random.RandomState(SEED)  # as RepeatedStratifiedKFold draws
    folds = [
        fold
        for _ in range(count_repeats(len(target)))
        for fold in StratifiedKFold(FOLDS, shuffle=True, random_state=lot).split(kinds, kinds)
    ]
    if groups is None:
        return folds
    return [(_unite(seen, member_of), _unite(unseen, member_of)) for seen, unseen in folds]


def _find_groups(rows: int, groups: Rows | None) -> tuple[Rows, Rows]:
    """Return the first row of each group, and each row's group as a place among those."""
    if groups is None:
        return np.arange(rows), np.arange(rows)
    _, first, member_of = np.unique(groups, return_index=True, return_inverse=True)
    return first, member_of


def _unite(chosen: Rows, member_of: Rows) -> Rows:
    """Return the rows of the chosen groups, in the groups' order."""
    place = np.full(member_of.max() + 1, -1)
    place[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(place[member_of] >= 0)
    return rows[np.argsort(place[member_of[rows]], kind="stable")]
