"""A table of customers as the training sees it: typed features, a 0/1 target, and ids apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from inference.scoring.number_format import MARK_NAMES
from model.console import print_warning
from model.reading.files import Files, read_table
from model.reading.table import Column, Table
from model.samples.download import TELCO, DownloadError, fetch
from model.samples.synthetic_csv import SEED, make_table
from model.table.column_roles import ColumnRoles, infer_roles
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.number_columns import Numbers
from model.table.repeated_rows import group_rows
from model.table.target import read_target
from model.table.times import rank_times
from model.table.values import is_blank
from model.table.yes_and_no import respell

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
        spellings: feature -> what the model file says of how its values are written, so that the
            function reads them as they were read here.
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
    spellings: dict[str, dict[str, Any]] = field(default_factory=dict)


def load_dataset(files: Files | None, *, options: ColumnOptions) -> Dataset:
    """Return the customers of files; without any IBM's, or made-up ones if those can't be had.

    Raises:
        DataError: the file can't be read or used; names file, column and line.
    """
    if files is not None:
        return build_dataset(read_table(files), options)
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


def build_dataset(table: Table, options: ColumnOptions, *, is_synthetic: bool = False) -> Dataset:
    """Return the customers of a table whose columns play the parts that `infer_roles` finds.

    Raises:
        DataError: the table can't be used; names file, column and line.
    """
    groups = group_rows(table)
    roles = infer_roles(table, options, None if groups is None else int(groups.max()) + 1)
    target = read_target(table, roles.target, options)
    texts = {column.name: _read_texts(column, options) for column in roles.categorical}
    series = {column.name: _to_numbers(column, how, options) for column, how in roles.numeric}
    series |= {name: column.series for name, column in texts.items()}
    members = {column.name: how.to_schema() for column, how in roles.numeric}
    members |= {name: column.members for name, column in texts.items()}
    return Dataset(
        name=table.name,
        is_synthetic=is_synthetic,
        sha256=table.sha256,
        frame=pd.DataFrame(series),
        target=target.values,
        ids=None if roles.id is None else _to_texts(roles.id, roles.id.distinct, options),
        numeric=tuple(column.name for column, _ in roles.numeric),
        categorical=tuple(texts),
        target_name=roles.target.name,
        labels=target.labels,
        id_column=roles.id.name if roles.id else None,
        notes=(*table.notes, *target.notes, *_notes(roles, members)),
        groups=groups,
        time_order=_rank(table, roles, options),
        time_column=options.time,
        grouped=roles.grouped,
        spellings={name: said for name, said in members.items() if said},
    )


def _notes(roles: ColumnRoles, members: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name, reason in roles.left_out.items():
        if name not in (getattr(roles.id, "name", None), getattr(roles.time, "name", None)):
            yield f'"{name}" is no feature: {reason}'
    for name, said in members.items():
        if number_format := said.get("number_format"):
            mark = MARK_NAMES[number_format["decimal"]]
            unit = f" and the currency {number_format['unit']}" if "unit" in number_format else ""
            yield f'"{name}" is read as numbers with a decimal {mark}{unit}'
        if "missing" in said:
            yield f'"{name}": {_quote(said["missing"])} read as missing'
        for text, kept in said.get("spellings", {}).items():
            yield f'"{name}": "{text}" read as "{kept}"'
    for name in roles.grouped:
        yield f'"{name}": its rare texts count as one'


def _quote(texts: Iterable[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


def _rank(table: Table, roles: ColumnRoles, options: ColumnOptions) -> npt.NDArray[np.int64] | None:
    if roles.time is None:
        return None
    return rank_times(table, roles.time, options.blanks)


def _to_numbers(column: Column, how: Numbers, options: ColumnOptions) -> "pd.Series[float]":
    # The roles have shown that each text is missing or a number.
    numbers = [
        np.nan if is_blank(text, options.blanks) or text.strip() in how.missing else how.read(text)
        for text in column.distinct
    ]
    return pd.Series(np.array(numbers, dtype=np.float64)[column.codes], name=column.name)


@dataclass(frozen=True, eq=False)
class _Texts:
    """A column of categories, and what the model file says of its spellings."""

    series: "pd.Series[Any]"
    members: dict[str, Any]


def _read_texts(column: Column, options: ColumnOptions) -> _Texts:
    blank = [text for text in column.distinct if is_blank(text, options.blanks)]
    spellings = respell(column, blank)
    missing = [text.strip() for text in blank if text.strip()]
    members: dict[str, Any] = {"missing": list(dict.fromkeys(missing))} if missing else {}
    if spellings:
        members["spellings"] = spellings
    texts = [spellings.get(text, text) for text in column.distinct]
    return _Texts(_to_texts(column, texts, options), members)


def _to_texts(column: Column, texts: list[str], options: ColumnOptions) -> "pd.Series[Any]":
    """Return a column's texts, as `texts` spells its distinct ones, NaN where blank."""
    # object is what scikit-learn's imputer takes; a text that many rows share is there once
    values = np.array([np.nan if is_blank(t, options.blanks) else t for t in texts], dtype=object)
    return pd.Series(values[column.codes], name=column.name, dtype=object)
