"""The text of a body becomes a CSV table, and its rows become records."""

import csv
from io import StringIO

from inference.csv_dialect import DECLARATION, DELIMITERS, find_delimiters
from inference.errors import BodyError, TooLargeError
from inference.http_api.options import MAX_RECORDS

MAX_CELLS = 1_000_000  # of a table; more would not fit into the memory of a small function


class Table:
    """A table as it was sent: `header` names the columns, `rows` have the cells.

    `delimiter` is what stood between them, and stands between the answer's.

    A row may be ragged, which is to say longer or shorter than the header.
    """

    __slots__ = ("delimiter", "header", "rows")

    def __init__(self, header: list[str], rows: list[list], delimiter: str = ",") -> None:
        self.header = header
        self.rows = rows
        self.delimiter = delimiter

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
        BodyError: no table, or a column that is there twice.
        TooLargeError: more than MAX_RECORDS rows or MAX_CELLS cells, ragged rows filled up.
    """
    text = text.removeprefix("\ufeff")  # Excel writes it
    delimiter = _find_delimiter(text)
    header, rows = _read_rows(text, delimiter)
    return Table(header, rows, delimiter)


def _read_rows(text: str, delimiter: str) -> tuple[list[str], list[list[str]]]:
    # newline="" leaves line breaks inside quotes as they are.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    cells = 0
    try:
        lines = filter(None, reader)
        header = next(lines, header)
        if header == DECLARATION:
            header = next(lines, [])
        _check_header(header)
        for row in lines:
            rows.append(row)
            cells += max(len(row), len(header))
            if len(rows) > MAX_RECORDS:
                raise TooLargeError(f"records: expected at most {MAX_RECORDS:,} rows")
            if cells > MAX_CELLS:
                raise TooLargeError(f"body: expected at most {MAX_CELLS:,} cells")
    except csv.Error as error:
        raise BodyError(f"body: expected CSV; line {reader.line_num} can't be read") from error
    return header, rows


def _find_delimiter(text: str) -> str:
    delimiters = find_delimiters(text)
    if len(delimiters) > 1:
        choices = " or ".join(DELIMITERS[delimiter] for delimiter in delimiters)
        raise BodyError(f"header: its columns may be separated by {choices}; send commas")
    return delimiters[0] if delimiters else ","


def _check_header(header: list[str]) -> None:
    if len(set(header)) != len(header):
        raise BodyError("header: a column is there twice")
