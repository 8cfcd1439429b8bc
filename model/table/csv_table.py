"""Reads a CSV file into columns of untouched text, and knows the line each row stands on.

The dialect is the common one (RFC 4180): UTF-8 with or without a byte order mark, commas, double
quotes, any line end. A quoted value may hold line breaks. Nothing is repaired or guessed.
"""

import csv
import hashlib
import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import DataError
from model.files import read_file

if TYPE_CHECKING:
    from _csv import Reader

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 500  # turned into columns together, while still in the processor's cache


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its texts in row order, and each different one once, by first appearance."""

    name: str
    values: list[str]
    distinct: dict[str, str]


@dataclass(frozen=True, eq=False)
class CsvTable:
    """A file's columns; `lines[row]` is the line, counted from 1, on which a row begins."""

    name: str
    sha256: str
    columns: list[Column]
    lines: "array[int]"


def read_table(path: Path) -> CsvTable:
    """Return the table in a CSV file.

    Raises:
        DataError: no such file, not UTF-8, no header, or a row that doesn't fit it; names the line.
    """
    return parse_table(path.name, read_file(path, DataError))


def parse_table(name: str, data: bytes) -> CsvTable:
    """Return the table in a CSV file's bytes; `name` stands for the file in messages.

    Raises:
        DataError: as `read_table`.
    """
    lines_of_text = io.TextIOWrapper(io.BytesIO(_decodable(name, data)), "utf-8", newline="")
    reader = csv.reader(lines_of_text, strict=True)
    header = _read_header(name, reader)
    columns = [Column(column, [], {}) for column in header]
    lines = array("q")
    for rows in _batches(_rows(name, reader, len(header), lines)):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            _append(column, values)
    if not lines:
        raise DataError(f"{name}: has a header line but no customers")
    return CsvTable(name, hashlib.sha256(data).hexdigest(), columns, lines)


def _decodable(name: str, data: bytes) -> bytes:
    body = data.removeprefix(_BYTE_ORDER_MARK)
    if not body.strip():
        raise DataError(f"{name}: is empty")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise DataError(_not_utf8(name, body, error.start)) from error
    if b"\0" in body:
        raise DataError(_not_utf8(name, body, body.index(b"\0")))
    return body


def _not_utf8(name: str, body: bytes, offset: int) -> str:
    lines = body[: offset + 1].splitlines()
    return (
        f"{name}: line {len(lines)}: byte {len(lines[-1])} of the line isn't UTF-8 text; "
        "save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
    )


def _read_header(name: str, reader: "Reader") -> list[str]:
    try:
        header = next(fields for fields in reader if fields)
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


def _append(column: Column, values: tuple[str, ...]) -> None:
    # One copy of each different text: a category that a million rows share is stored once.
    known = column.distinct
    column.values.extend([known.setdefault(value, value) for value in values])
