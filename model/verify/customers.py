"""Random customers to ask an API about: real ones where a table is at hand, else made-up ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.scoring.artifact import Artifact
from model.errors import DataError
from model.table.csv_table import Column, read_table
from model.table.values import is_blank, read_number

Record = dict[str, Any]


def read_customers(artifact: Artifact, path: Path) -> list[Record]:
    """Return all customers of a table, as a client would send them.

    Raises:
        DataError: the table can't be read, or lacks a column that the model needs.
    """
    table = _read_columns(artifact, path)
    return [_read_row(table, row) for row in range(table.length)]


def choose_customers(artifact: Artifact, path: Path, count: int, seed: int) -> list[Record]:
    """Return customers of a table, drawn at random, as a client would send them.

    The last one has a blank number, if the table has such a customer.

    Raises:
        DataError: the table can't be read, or lacks a column that the model needs.
    """
    table = _read_columns(artifact, path)
    generator = np.random.default_rng(seed)
    rows = generator.integers(table.length, size=count).tolist()
    blank = sorted({row for column in table.numbers for row in _blank_rows(column, table.blanks)})
    if blank:
        rows.append(int(generator.choice(blank)))
    return [_read_row(table, row) for row in rows]


def make_up_customers(artifact: Artifact, count: int, seed: int) -> list[Record]:
    """Return customers drawn from the ranges and categories that the model knows."""
    generator = np.random.default_rng(seed)
    features = artifact.schema["features"]
    return [{spec["name"]: _draw(spec, generator) for spec in features} for _ in range(count)]


def blank_a_number(artifact: Artifact, record: Record) -> Record:
    """Return a customer with their last number blank; with a text blank where there is no number.

    In IBM's table the last number is TotalCharges, the one that is blank for new customers.
    """
    features = artifact.schema["features"]
    numbers = [spec["name"] for spec in features if spec["kind"] == "number"]
    name = numbers[-1] if numbers else features[-1]["name"]
    return record | {name: None}


def has_blank(record: Record) -> bool:
    """Return whether a customer's field is blank."""
    return any(value is None for value in record.values())


@dataclass(frozen=True, eq=False)
class _Columns:
    """A table's columns that the model needs; `blanks` are texts that mean a missing value."""

    numbers: list[Column]
    texts: list[Column]
    blanks: tuple[str, ...]
    length: int


def _read_columns(artifact: Artifact, path: Path) -> _Columns:
    table = read_table(path)
    columns = {column.name: column for column in table.columns}
    chosen: dict[str, list[Column]] = {"number": [], "category": []}
    for spec in artifact.schema["features"]:
        if spec["name"] not in columns:
            raise DataError(f"{table.name}: has no column {spec['name']}, which the model needs")
        chosen[spec["kind"]].append(columns[spec["name"]])
    blanks = tuple(artifact.meta.get("data", {}).get("blanks", ()))
    return _Columns(chosen["number"], chosen["category"], blanks, len(table.lines))


def _read_row(table: _Columns, row: int) -> Record:
    record: Record = {}
    for column in table.numbers + table.texts:
        text = column.values[row]
        record[column.name] = None if is_blank(text, table.blanks) else text
    for column in table.numbers:
        text = record[column.name]
        record[column.name] = None if text is None else read_number(text)
    return record


def _blank_rows(column: Column, blanks: tuple[str, ...]) -> list[int]:
    if not any(is_blank(text, blanks) for text in column.distinct):
        return []
    return [row for row, text in enumerate(column.values) if is_blank(text, blanks)]


def _draw(spec: dict[str, Any], generator: np.random.Generator) -> Any:
    if spec["kind"] == "category":
        return str(generator.choice(spec["categories"]))
    middle = abs(spec["blank"] or 0.0)
    low, high = spec.get("min"), spec.get("max")
    if low is None or high is None:  # the first version's file has no ranges
        low, high = 0.0, 2.0 * middle + 1.0
    if float(low).is_integer() and float(high).is_integer():
        return int(generator.integers(int(low), int(high) + 1))
    return min(high, max(low, round(float(generator.uniform(low, high)), 2)))
