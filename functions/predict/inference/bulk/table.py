"""What stands in a piece of a CSV: its header, and rows of text, readable or not."""

import csv
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

from inference.bulk.cutting import find_first_end
from inference.bulk.errors import TableError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DELIMITERS = (",", ";", "\t")
HEADER_BYTES = 200_000  # within which the header has to end
UNREADABLE = "can't be read as CSV: is a quote out of place?"
NOT_UTF8 = "not UTF-8 text; save the table as UTF-8"


def find_delimiter(start: bytes) -> str:
    """Return what stands between the cells of a table's first line: comma, semicolon or tab."""
    line = start[: find_first_end(start, ",")]
    return max(DELIMITERS, key=lambda delimiter: line.count(delimiter.encode()))


def split_header(start: bytes, delimiter: str) -> tuple[list[str], int]:
    """Return a table's header, and how many bytes it takes, with all that stands before it.

    Args:
        start: the table's first bytes, HEADER_BYTES of them if there are as many.
        delimiter: what stands between the cells.

    Raises:
        TableError: there is none, it is no CSV or no UTF-8, or a column is there twice.
    """
    end = len(BYTE_ORDER_MARK) if start.startswith(BYTE_ORDER_MARK) else 0
    while end < len(start):
        line = start[end:]
        size = find_first_end(line, delimiter)
        end += size
        if size >= HEADER_BYTES:
            raise TableError("the header is too long: is a quote left open?")
        header = _parse_header(line[:size], delimiter)
        if header:
            return header, end
    raise TableError("the table is empty: expected a header")


def read_rows(piece: bytes, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of whole records; one that can't be read as CSV is empty.

    Blank lines are skipped. Bytes that aren't UTF-8 become surrogates, one each, as in
    `surrogateescape`.
    """
    text = TextIOWrapper(BytesIO(piece), "utf-8", errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        try:
            yield from filter(None, reader)
        except csv.Error:  # the reader goes on with the next line
            yield []
        else:
            return


def find_unreadable(rows: list[list[str]]) -> dict[int, str]:
    """Return which of the rows of `read_rows` can't be read, and why."""
    if all(rows) and _is_utf8(rows):
        return {}
    return {
        index: NOT_UTF8 if row else UNREADABLE
        for index, row in enumerate(rows)
        if not row or not _is_utf8([row])
    }


def _is_utf8(rows: list[list[str]]) -> bool:
    try:
        "".join(map("".join, rows)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _parse_header(line: bytes, delimiter: str) -> list[str]:
    try:
        lines = TextIOWrapper(BytesIO(line), "utf-8", newline="")
        header = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except (csv.Error, UnicodeDecodeError) as error:
        raise TableError("the header can't be read: expected CSV in UTF-8") from error
    if len(set(header)) != len(header):
        raise TableError("the header names a column twice")
    return header
