"""Columns that deserve a look: left out, repeating another, or nearly an id."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.table.dataset import Dataset

NEARLY_UNIQUE = 0.95  # different values per row among whole numbers
_LOOKED_AT_FIRST = 10_000  # rows; most columns differ there already
_ENOUGH_ROWS = 100  # on fewer, most whole numbers differ anyway


@dataclass(frozen=True)
class ColumnFinding:
    """One column, what is odd about it, and what to do."""

    column: str
    finding: str
    advice: str


def find_columns(dataset: Dataset, train_rows: npt.NDArray[np.int64]) -> tuple[ColumnFinding, ...]:
    """Return the columns that deserve a look: constant ones, repeats, then near ids."""
    frame = dataset.frame
    constant = [name for name in frame.columns if _is_constant(frame[name], train_rows)]
    return (
        *map(_describe_constant, constant),
        *_find_repeats(frame.drop(columns=constant)),
        *_find_near_ids(frame[list(dataset.numeric)]),
    )


def _is_constant(values: "pd.Series", rows: npt.NDArray[np.int64]) -> bool:
    few = values.iloc[rows[:_LOOKED_AT_FIRST]]
    return few.nunique(dropna=False) == 1 and values.iloc[rows].nunique(dropna=False) == 1


def _describe_constant(name: str) -> ColumnFinding:
    finding = f'"{name}" has one value in all rows that are there to learn from'
    return ColumnFinding(name, finding, _drop(name))


def _find_repeats(frame: pd.DataFrame) -> Iterator[ColumnFinding]:
    """Yield each column whose values are those of an earlier one, under other names at most."""
    alike: dict[bytes, list[str]] = {}
    for name in map(str, frame.columns):
        others = alike.setdefault(_fingerprint(frame[name].iloc[:_LOOKED_AT_FIRST]), [])
        same = [
            other for other in others if _fingerprint(frame[other]) == _fingerprint(frame[name])
        ]
        if same:
            finding = f'"{name}" repeats "{same[0]}": each value of one goes with one of the other'
            yield ColumnFinding(name, finding, _drop(name))
        else:
            others.append(name)


def _fingerprint(values: "pd.Series") -> bytes:
    # Texts are numbered by first appearance: the same numbers mean the same partition of the rows.
    # Numbers may be in another unit: brought to the range from 0 to 1, rounded past that division.
    if not pd.api.types.is_numeric_dtype(values):
        return np.asarray(pd.factorize(values)[0], dtype=np.int64).tobytes()
    numbers = values.to_numpy(dtype=float)
    known = numbers[~np.isnan(numbers)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    return (np.round((numbers - low) / ((high - low) or 1.0), 12) + 0.0).tobytes()


def _find_near_ids(numbers: pd.DataFrame) -> Iterator[ColumnFinding]:
    for name, values in numbers.items():
        known = values.dropna()
        is_whole = bool((known == np.floor(known)).all())
        if len(known) >= _ENOUGH_ROWS and is_whole and known.nunique() > NEARLY_UNIQUE * len(known):
            share = known.nunique() / len(known)
            finding = f'"{name}" holds whole numbers of which {share:.0%} differ, as an id\'s do'
            advice = f'if it names customers, say --id "{name}" or --drop "{name}"'
            yield ColumnFinding(str(name), finding, advice)


def _drop(name: str) -> str:
    return f'leave it out with --drop "{name}"'
