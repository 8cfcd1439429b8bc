"""Reads CSV files into columns of untouched text, and knows the line each row stands on.

The dialect is the common one (RFC 4180) or a spreadsheet's: commas, semicolons or tabs, UTF-8 or
Windows-1252, gzipped or not, any line end. A quoted value may hold line breaks. What can be read
in one way only is read, and a note says how; nothing is repaired or guessed.
"""

import csv
import hashlib
import io
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference.csv_dialect import DECLARATION
from model.errors import DataError
from model.reading.dialect import Source, describe_dialect, find_dialect, open_file, open_text
from model.reading.table import Column, Table

if TYPE_CHECKING:
    from _csv import Reader

_ROWS_AT_ONCE = 500  # turned into columns together, while still in the processor's cache


def read_csv_files(name: str, paths: Sequence[Path], sha256: str) -> Table:
    """Return the table in CSV files, plain or gzipped, one below the other.

    Args:
        name: of the table, for messages.
        paths: files that can be read, each with a name of its own.
        sha256: of their bytes.

    Raises:
        DataError: not text, no header, other columns than in the first file, or a row that
            doesn't fit the header; names the file and the line.
    """
    return _read_sources(name, [open_file(path) for path in paths], sha256)


def parse_table(name: str, data: bytes) -> Table:
    """Return the table in a CSV file's bytes; `name` stands for the file in messages.

    Raises:
        DataError: as `read_csv_files`.
    """
    source = Source(name, lambda: io.BytesIO(data))
    return _read_sources(name, [source], hashlib.sha256(data).hexdigest())


def _read_sources(table: str, sources: list[Source], sha256: str) -> Table:
    header: list[str] = []
    columns: list[_Growing] = []
    places: dict[str, array[int]] = {}
    notes: list[str] = []
    for source in sources:
        dialect = find_dialect(source)
        notes += describe_dialect(source.name, dialect)
        with open_text(source, dialect.encoding) as text:
            reader = csv.reader(text, delimiter=dialect.delimiter, strict=True)
            names = _read_header(source.name, reader)
            header, columns = header or names, columns or [_Growing() for _ in names]
            _require_same_columns(sources[0].name, header, source.name, names)
            places[source.name] = _read_rows(source.name, reader, columns)
    finished = [column.finish(name) for name, column in zip(header, columns, strict=True)]
    return Table(table, sha256, finished, places, notes=tuple(notes))


def _read_rows(name: str, reader: "Reader", columns: list["_Growing"]) -> "array[int]":
    lines = array("q")
    for rows in _batches(_rows(name, reader, len(columns), lines)):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.add(values)
    if not lines:
        raise DataError(f"{name}: has a header line but no customers")
    return lines


class _Codes(dict[str, int]):
    """Numbers for texts, given as they are asked for; in C but for a text that is new."""

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self)
        return code


class _Growing:
    """A column while it is read: one copy of each different text, however many rows share it."""

    def __init__(self) -> None:
        self._code_of = _Codes()
        self._codes: array[int] = array("i")

    def add(self, values: tuple[str, ...]) -> None:
        self._codes.extend(map(self._code_of.__getitem__, values))

    def finish(self, name: str) -> Column:
        return Column(name, list(self._code_of), np.frombuffer(self._codes, dtype=np.int32))


def _read_header(name: str, reader: "Reader") -> list[str]:
    try:
        header = next(fields for fields in reader if fields and fields != DECLARATION)
    except csv.Error as error:
        raise DataError(_not_csv(name, 1, error)) from error
    if len(header) == 1:
        raise DataError(f"{name}: the header has one column only; separate columns with commas")
    for position, column in enumerate(header, start=1):
        if not column.strip():
            raise DataError(f"{name}: column {position} has no name in the header")
        if column in header[: position - 1]:
            first = header.index(column) + 1
            raise DataError(f'{name}: columns {first} and {position} are both called "{column}"')
    return header


def _require_same_columns(first: str, expected: list[str], name: str, header: list[str]) -> None:
    if header == expected:
        return
    for column in [*expected, *header]:
        if (column in expected) != (column in header):
            has, lacks = (first, name) if column in expected else (name, first)
            raise DataError(f'{name}: {has} has a column "{column}", {lacks} has none')
    raise DataError(f"{name}: has the columns of {first} in another order")


def _rows(name: str, reader: "Reader", width: int, lines: "array[int]") -> Iterator[list[str]]:
    start = reader.line_num + 1
    try:
        for fields in reader:
            if len(fields) == width:
                lines.append(start)
                yield fields
            elif fields:  # nothing at all stands on an empty line
                raise DataError(_misfit(name, start, reader.line_num, len(fields), width))
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(_not_csv(name, start, error)) from error


def _misfit(name: str, start: int, end: int, found: int, width: int) -> str:
    message = f"{name}: line {start}: expected {width} values as in the header, found {found}"
    if end > start:
        message += f"; the row runs on to line {end}: is a quote left open?"
    return message


def _not_csv(name: str, line: int, error: csv.Error) -> str:
    if "expected after" in str(error):
        return f"{name}: line {line}: a closing quote is followed by text instead of a comma"
    if "limit" in str(error):
        limit = csv.field_size_limit()
        return f"{name}: line {line}: a value of over {limit:,} characters; is a quote left open?"
    return f"{name}: line {line}: a quote is opened and never closed"


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield batch
