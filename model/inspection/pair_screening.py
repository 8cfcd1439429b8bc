"""How well two columns rank customers together, for every pair of a table, in seconds.

Rows fall into cells: a number's quantiles or a category's texts, of two columns crossed. Two
numbers are crossed by their difference and their sum, too. A cell's score is its share of leavers
among other rows, so exclusive-or and "one is above the other" are seen, which no single column
shows. Nothing is fitted: counting is enough to say which pairs are worth a model.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

MAX_CELLS = 3_000_000  # rows times pairs, so that many columns take seconds too
MAX_TEXTS = 255  # of a category that have a cell each; the rarer ones share another
MAX_BINS = 32  # of a number; two of them have 1,024 cells
_MIN_ROWS = 2_000
_ROWS_PER_CELL = 8  # a cell's share says little on fewer
_FINE_BINS = 128  # of a difference or a sum: it stands for two columns alone
_SEED = 42
_PRIOR_ROWS = 1.0  # of the average customer, added to each cell

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def screen_pairs(frame: pd.DataFrame, target: Codes) -> dict[tuple[str, str], float]:
    """Return how well each pair of columns ranks rows that its counts come from no part of: AUC.

    Args:
        frame: float columns with NaN where blank, others texts.
        target: 0 or 1 for each row.
    """
    pairs = list(combinations(frame.columns, 2))
    rows = np.random.default_rng(_SEED).permutation(len(target))
    rows = rows[: max(_MIN_ROWS, MAX_CELLS // max(1, len(pairs)))]
    frame, target = frame.iloc[rows], target[rows]
    half = _split_in_halves(target)
    bins = int(np.clip(np.sqrt(len(target) / _ROWS_PER_CELL), 2, MAX_BINS))
    codes = {name: encode_cells(frame[name], bins) for name in frame.columns}
    return {
        pair: max(_rank_cells(cells, target, half) for cells in _cross(frame, codes, pair))
        for pair in pairs
    }


def encode_cells(values: "pd.Series", bins: int) -> Codes:
    """Return a cell's number for each row: quantiles of numbers, else texts; blanks apart."""
    if not pd.api.types.is_numeric_dtype(values):
        frequent = values.value_counts().index[:MAX_TEXTS]
        codes = frequent.get_indexer(pd.Index(values)) + 1
        return np.where(values.isna(), 0, np.where(codes, codes, MAX_TEXTS + 1)).astype(np.int64)
    numbers = values.to_numpy(dtype=float)
    known = numbers[~np.isnan(numbers)]
    distinct = np.unique(known)
    if len(distinct) > bins:
        distinct = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:]))
    codes = np.searchsorted(distinct, numbers) + 1
    return np.where(np.isnan(numbers), 0, codes).astype(np.int64)


def _split_in_halves(target: Codes) -> npt.NDArray[np.bool_]:
    """Return which rows are in the first half; each has every other row of either kind."""
    half = np.empty(len(target), dtype=bool)
    for value in (0, 1):
        of_this_kind = target == value
        half[of_this_kind] = np.arange(of_this_kind.sum()) % 2 == 0
    return half


def _cross(frame: pd.DataFrame, codes: dict[str, Codes], pair: tuple[str, str]) -> Iterator[Codes]:
    first, second = pair
    yield codes[first] * (codes[second].max() + 1) + codes[second]
    if all(pd.api.types.is_numeric_dtype(frame[name]) for name in pair):
        bins = min(_FINE_BINS, len(frame) // _ROWS_PER_CELL)
        yield encode_cells(frame[first] - frame[second], bins)
        yield encode_cells(frame[first] + frame[second], bins)


def _rank_cells(cells: Codes, target: Codes, half: npt.NDArray[np.bool_]) -> float:
    return (_rank_half(cells, target, half) + _rank_half(cells, target, ~half)) / 2


def _rank_half(cells: Codes, target: Codes, seen: npt.NDArray[np.bool_]) -> float:
    size = int(cells.max()) + 1
    average = float(target[seen].mean())
    rows = np.bincount(cells[seen], minlength=size)
    leavers = np.bincount(cells[seen], weights=target[seen], minlength=size)
    shares = (leavers + _PRIOR_ROWS * average) / (rows + _PRIOR_ROWS)
    return _area_under_curve(shares, cells[~seen], target[~seen])


def _area_under_curve(scores: Floats, cells: Codes, target: Codes) -> float:
    """Return the AUC of rows scored by cell; counts per cell are enough (Mann-Whitney's U)."""
    left = np.bincount(cells, weights=target, minlength=len(scores))
    stayed = np.bincount(cells, minlength=len(scores)) - left
    _, ranks = np.unique(scores, return_inverse=True)
    left, stayed = np.bincount(ranks, weights=left), np.bincount(ranks, weights=stayed)
    below = np.cumsum(stayed) - stayed
    return float((left * (below + stayed / 2)).sum() / (left.sum() * stayed.sum()))
