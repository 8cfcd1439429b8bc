"""The text of a body becomes a CSV table, and its rows become records."""

import csv
from io import StringIO

from inference.errors import BodyError, TooLargeError
from inference.http_api.options import MAX_RECORDS

MAX_CELLS = 1_000_000  # of a table; more would not fit into the memory of a small function


class Table:
    """A table as it was sent: `header` names the columns, `rows` have the cells.

    A row may be ragged, which is to say longer or shorter than the header.
    """

    __slots__ = ("header", "rows")

    def __init__(self, header: list[str], rows: list[list]) -> None:
        self.header = header
        self.rows = rows

    def to_records(self) -> list[dict | None]:
        """Return the rows as records; a ragged one has none."""
        width = len(self.header)
        return [
            dict(zip(self.header, row, strict=True)) if len(row) == width else None
            for row in self.rows
        ]


def read_csv(text: str) -> Table:
    """Return the table in a text; its cells are text, and blank lines are skipped.

    Raises:
        BodyError: no comma-separated table, or a column that is there twice.
        TooLargeError: more than MAX_RECORDS rows or MAX_CELLS cells, ragged rows filled up.
    """
    header, rows = _read_rows(text)
    return Table(header, rows)


def _read_rows(text: str) -> tuple[list[str], list[list[str]]]:
    # Excel writes a byte order mark; newline="" leaves line breaks inside quotes as they are.
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    cells = 0
    try:
        header = next(filter(None, reader), header)
        _check_header(header)
        for row in filter(None, reader):
            rows.append(row)
            cells += max(len(row), len(header))
            if len(rows) > MAX_RECORDS:
                raise TooLargeError(f"records: expected at most {MAX_RECORDS:,} rows")
            if cells > MAX_CELLS:
                raise TooLargeError(f"body: expected at most {MAX_CELLS:,} cells")
    except csv.Error as error:
        raise BodyError(f"body: expected CSV; line {reader.line_num} can't be read") from error
    return header, rows


def _check_header(header: list[str]) -> None:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise BodyError("header: expected commas between the columns, got semicolons or tabs")
    if len(set(header)) != len(header):
        raise BodyError("header: a column is there twice")
