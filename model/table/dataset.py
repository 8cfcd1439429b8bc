"""A table of customers as the training sees it: typed features, a 0/1 target, and ids apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.console import print_warning
from model.table.column_roles import ColumnRoles, infer_roles
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.csv_table import Column, CsvTable, read_table
from model.table.download import TELCO, DownloadError, fetch
from model.table.repeated_rows import group_rows
from model.table.synthetic_csv import SEED, make_table
from model.table.target import encode_target, read_labels
from model.table.values import is_blank, read_number

_SYNTHETIC_ROWS = 7_043  # as many as IBM's table has


@dataclass(frozen=True, eq=False)
class Dataset:
    """Customers to learn from.

    Attributes:
        name: the file's name, for messages.
        is_synthetic: the customers are made up; every figure from them must say so.
        sha256: of the file's bytes, in hex.
        frame: the features: numeric columns (float64, NaN where blank), then categorical ones
            (object: text, NaN where blank), both in the table's order.
        target: 1 for each customer who left, 0 for the others.
        ids: text, where the table has an id column.
        labels: the target's values in the file, the one that means churn last.
        notes: what was left out or looks wrong, for the console.
        groups: a number per row, shared by the rows that are the same in every column of the
            file; None where no row is there twice. No split may put one group on both sides.
        time_order: each row's rank by `time_column`, 0 for the earliest; rows of one time share
            it. None without such a column.
        time_column: the column named by --time, which is no feature.
        grouped: the categorical columns whose rare texts the preprocessing has to put together.
    """

    name: str
    is_synthetic: bool
    sha256: str
    frame: pd.DataFrame
    target: npt.NDArray[np.int64]
    ids: "pd.Series[Any] | None"
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    target_name: str
    labels: tuple[str, str]
    id_column: str | None
    notes: tuple[str, ...] = ()
    groups: npt.NDArray[np.int64] | None = None
    time_order: npt.NDArray[np.int64] | None = None
    time_column: str | None = None
    grouped: tuple[str, ...] = ()


def load_dataset(path: Path | None, *, options: ColumnOptions) -> Dataset:
    """Return the customers of a CSV file; without one IBM's, or made-up ones if those can't be had.

    Raises:
        DataError: the file can't be read or used; names file, column and line.
    """
    if path is not None:
        return build_dataset(read_table(path), options)
    try:
        path = fetch(TELCO)
    except DownloadError as error:
        print_warning(
            f"SYNTHETIC DATA: IBM's Telco table can't be downloaded: {error}. "
            f"These {_SYNTHETIC_ROWS:,} customers are made up; the README's figures are of the "
            "real ones."
        )
        return synthetic_dataset(_SYNTHETIC_ROWS, options=options)
    return build_dataset(read_table(path), options)


def synthetic_dataset(
    rows: int, seed: int = SEED, *, options: ColumnOptions = INFER_ALL
) -> Dataset:
    """Return made-up customers with the columns of IBM's Telco table, marked as made up."""
    return build_dataset(make_table(rows, seed), options, is_synthetic=True)


def build_dataset(
    table: CsvTable, options: ColumnOptions, *, is_synthetic: bool = False
) -> Dataset:
    """Return the customers of a table whose columns play the parts that `infer_roles` finds.

    Raises:
        DataError: the table can't be used; names file, column and line.
    """
    roles = infer_roles(table, options)
    labels = read_labels(table, roles.target, options)
    series = {column.name: _numbers(column, options) for column in roles.numeric}
    series |= {column.name: _texts(column, options) for column in roles.categorical}
    return Dataset(
        name=table.name,
        is_synthetic=is_synthetic,
        sha256=table.sha256,
        frame=pd.DataFrame(series),
        target=encode_target(roles.target, labels[1]),
        ids=None if roles.id is None else _texts(roles.id, options),
        numeric=tuple(column.name for column in roles.numeric),
        categorical=tuple(column.name for column in roles.categorical),
        target_name=roles.target.name,
        labels=labels,
        id_column=roles.id.name if roles.id else None,
        notes=tuple(_notes(roles)),
        groups=group_rows(table),
    )


def _notes(roles: ColumnRoles) -> Iterator[str]:
    for name, reason in roles.left_out.items():
        if roles.id is None or name != roles.id.name:
            yield f'"{name}" is no feature: {reason}'


def _numbers(column: Column, options: ColumnOptions) -> "pd.Series[float]":
    # The roles have shown that each text is blank or a number.
    number_of: dict[str, float | None] = {
        text: np.nan if is_blank(text, options.blanks) else read_number(text)
        for text in column.distinct
    }
    numbers = np.array([number_of[text] for text in column.values], dtype=np.float64)
    return pd.Series(numbers, name=column.name)


def _texts(column: Column, options: ColumnOptions) -> "pd.Series[Any]":
    blank = {text for text in column.distinct if is_blank(text, options.blanks)}
    texts: list[object] = [np.nan if text in blank else text for text in column.values]
    return pd.Series(
        texts, name=column.name, dtype=object
    )  # object: what scikit-learn's imputer takes
