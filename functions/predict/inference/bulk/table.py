"""What stands in a piece of a CSV: its header, and rows of text, readable or not."""

import csv
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from itertools import islice

from inference.bulk.cutting import find_first_end
from inference.bulk.errors import TableError
from inference.csv_dialect import (
    DECLARATION,
    DELIMITERS,
    WINDOWS_1252,
    find_delimiters,
    is_windows_1252,
)

AS_BYTES = ("utf-8", "surrogateescape")  # a byte that isn't UTF-8 comes back as it was
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
HEADER_BYTES = 200_000  # within which the header has to end
UNREADABLE = "can't be read as CSV: is a quote out of place?"
NOT_TEXT = "is neither UTF-8 nor Windows-1252"

Columns = list[list[str]]
Rows = list[list[str]]


def find_delimiter(start: bytes) -> str:
    """Return what stands between the cells of a table.

    Args:
        start: the table's first bytes.

    Raises:
        TableError: it can't be told.
    """
    delimiters = find_delimiters(start.removeprefix(BYTE_ORDER_MARK).decode(*AS_BYTES))
    if len(delimiters) > 1:
        choices = " or ".join(DELIMITERS[delimiter] for delimiter in delimiters)
        raise TableError(f"its columns may be separated by {choices}; write commas")
    return delimiters[0] if delimiters else ","


def split_header(start: bytes, delimiter: str) -> tuple[list[str], int]:
    """Return a table's header, and how many bytes it takes, with all that stands before it.

    Args:
        start: the table's first bytes, HEADER_BYTES of them if there are as many.
        delimiter: what stands between the cells.

    Raises:
        TableError: there is none, it can't be read, or a column is there twice.
    """
    end = len(BYTE_ORDER_MARK) if start.startswith(BYTE_ORDER_MARK) else 0
    while end < len(start):
        line = start[end:]
        size = find_first_end(line, delimiter)
        end += size
        if size >= HEADER_BYTES:
            raise TableError("the header is too long: is a quote left open?")
        for rows, unreadable in read_blocks(line[:size], delimiter, 1):
            if unreadable:
                raise TableError(f"the header {unreadable[0]}")
            if rows[0] == DECLARATION:
                break
            if len(set(rows[0])) != len(rows[0]):
                raise TableError("the header names a column twice")
            return rows[0], end
    raise TableError("the table is empty: expected a header")


def read_columns(piece: bytes, delimiter: str, width: int) -> Columns | None:
    """Return the columns of records that are plain: UTF-8, no quotes, `width` cells in each line.

    None of any others, which `read_blocks` reads with care. One split of the whole text takes a
    third of what a list for each row does.

    Args:
        piece: whole records.
        delimiter: what stands between their cells.
        width: of the header.
    """
    if b'"' in piece or width == 1 or len(piece) > csv.field_size_limit():
        return None
    try:
        text = piece.decode().replace("\r\n", "\n").removesuffix("\n") + "\n"
    except UnicodeDecodeError:
        return None
    if "\r" in text:
        return None
    lines, stride = text.count("\n"), width + 1
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)[:-1]
    if len(cells) != stride * lines or cells[width::stride].count("\n") != lines:
        return None
    return [cells[place::stride] for place in range(width)]


def read_blocks(piece: bytes, delimiter: str, size: int) -> Iterator[tuple[Rows, dict[int, str]]]:
    """Yield the rows of whole records, some at a time, and why which of them can't be read.

    Blank lines are skipped. A row that is no CSV is empty. One that isn't UTF-8 is taken for
    Windows-1252 where it can be nothing else; otherwise its bytes become surrogates, as in
    `surrogateescape`.

    Args:
        piece: whole records.
        delimiter: what stands between their cells.
        size: rows that are yielded together.
    """
    rows = _read_rows(piece, delimiter)
    is_text = _is_utf8(piece)
    while block := [*islice(rows, size)]:
        yield block, {} if is_text and all(block) else _sort_out(block)


def _read_rows(piece: bytes, delimiter: str) -> Iterator[list[str]]:
    text = TextIOWrapper(BytesIO(piece), *AS_BYTES, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        try:
            yield from filter(None, reader)
        except csv.Error:  # the reader goes on with the next line
            yield []
        else:
            return


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sort_out(rows: Rows) -> dict[int, str]:
    """Put rows of Windows-1252 right, and return what is wrong with others."""
    unreadable: dict[int, str] = {}
    for index, row in enumerate(rows):
        if not row:
            unreadable[index] = UNREADABLE
            continue
        cells = [cell.encode(*AS_BYTES) for cell in row]
        text = b",".join(cells)
        if _is_utf8(text):
            continue
        if is_windows_1252(text):
            rows[index] = [cell.decode(WINDOWS_1252) for cell in cells]
        else:
            unreadable[index] = NOT_TEXT
    return unreadable
