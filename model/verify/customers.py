"""Random customers to ask an API about: real ones where a table is at hand, else made-up ones."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.scoring.artifact import Artifact
from model.errors import DataError
from model.reading.files import Files, read_table
from model.reading.table import Column
from model.table.number_columns import Numbers
from model.table.values import is_blank

if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

Record = dict[str, Any]


def read_customers(artifact: Artifact, path: Files) -> list[Record]:
    """Return all customers of a table, as a client would send them.

    Raises:
        DataError: the table can't be read, or lacks a column that the model needs.
    """
    table = _read_columns(artifact, path)
    return [_read_row(table, row) for row in range(table.length)]


def choose_customers(artifact: Artifact, path: Files, count: int, seed: int) -> list[Record]:
    """Return customers of a table, drawn at random, as a client would send them.

    The last one has a blank number, if the table has such a customer.

    Raises:
        DataError: the table can't be read, or lacks a column that the model needs.
    """
    table = _read_columns(artifact, path)
    generator = np.random.default_rng(seed)
    rows = generator.integers(table.length, size=count).tolist()
    blank = sorted({row for column, how in table.numbers for row in _blank_rows(column, how)})
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

    numbers: list[tuple[Column, Numbers]]
    texts: list[tuple[Column, tuple[str, ...]]]
    length: int


def _read_columns(artifact: Artifact, path: Files) -> _Columns:
    table = read_table(path)
    columns = {column.name: column for column in table.columns}
    chosen = _Columns([], [], table.rows)
    blanks = tuple(artifact.meta.get("data", {}).get("blanks", ()))
    for spec in artifact.schema["features"]:
        if spec["name"] not in columns:
            raise DataError(f"{table.name}: has no column {spec['name']}, which the model needs")
        how = Numbers.from_schema(spec, blanks)
        if spec["kind"] == "number":
            chosen.numbers.append((columns[spec["name"]], how))
        else:
            chosen.texts.append((columns[spec["name"]], how.missing))
    return chosen


def _read_row(table: _Columns, row: int) -> Record:
    record: Record = {}
    for column, how in table.numbers:
        text = column.text(row)
        record[column.name] = None if is_blank(text, how.missing) else how.read(text)
    for column, missing in table.texts:
        text = column.text(row)
        record[column.name] = None if is_blank(text, missing) else text
    return record


def _blank_rows(column: Column, how: Numbers) -> list[int]:
    blank = [text for text in column.distinct if is_blank(text, how.missing)]
    return column.rows_with(blank).tolist() if blank else []


def _draw(spec: "Feature", generator: np.random.Generator) -> Any:
    if spec["kind"] == "category":
        return str(generator.choice(spec["categories"]))
    middle = abs(spec["blank"] or 0.0)
    low, high = spec.get("min"), spec.get("max")
    if low is None or high is None:  # the first version's file has no ranges
        low, high = 0.0, 2.0 * middle + 1.0
    if float(low).is_integer() and float(high).is_integer():
        return int(generator.integers(int(low), int(high) + 1))
    return min(high, max(low, round(float(generator.uniform(low, high)), 2)))
