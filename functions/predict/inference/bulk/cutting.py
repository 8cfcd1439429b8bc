"""Bytes of a CSV are cut where a record ends, which no line break inside quotes does.

A quote opens a quoted cell only where a cell begins, as for Python's csv module; elsewhere it is a
character like any other. So where a record ends can be told only from the beginning on.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from inference.bulk.errors import TableError

MAX_RECORD_BYTES = 4_000_000  # csv takes cells of 131,072 characters; more is a quote left open


def cut_records(blocks: Iterable[bytes], delimiter: str) -> Iterator[bytes]:
    """Yield the same bytes in pieces of whole records, about as large as the blocks.

    Args:
        blocks: bytes of a table, from the beginning of a record on, cut anywhere.
        delimiter: what stands between the cells.

    Raises:
        TableError: a record longer than MAX_RECORD_BYTES.
    """
    rest = b""
    for block in blocks:
        rest += block
        end = find_last_end(rest, delimiter)
        if end:
            yield rest[:end]
            rest = rest[end:]
        if len(rest) > MAX_RECORD_BYTES:
            raise TableError(
                f"a record runs on for more than {MAX_RECORD_BYTES:,} bytes: is a quote left open?"
            )
    if rest:
        yield rest


def find_last_end(piece: bytes, delimiter: str) -> int:
    """Return where the last whole record of a piece ends; 0 where none does.

    A carriage return ends records only in a piece without line feeds.
    """
    line_end = b"\n" if b"\n" in piece else b"\r"
    if b'"' not in piece:
        return piece.rfind(line_end) + 1
    stop = len(piece)
    for start, end in reversed([*_find_quoted(piece, delimiter)]):
        if place := piece.rfind(line_end, end, stop) + 1:
            return place
        stop = start
    return piece.rfind(line_end, 0, stop) + 1


def find_first_end(piece: bytes, delimiter: str) -> int:
    """Return where the first record of a piece ends; its length where none does."""
    line_end = b"\n" if b"\n" in piece else b"\r"
    start = 0
    for quoted, end in _find_quoted(piece, delimiter):
        if place := piece.find(line_end, start, quoted) + 1:
            return place
        start = end
    return piece.find(line_end, start) + 1 or len(piece)


def _find_quoted(piece: bytes, delimiter: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _compile(delimiter).finditer(piece))


@cache
def _compile(delimiter: str) -> re.Pattern[bytes]:
    """Return the pattern of a quoted cell, closed or running on to the end."""
    before = re.escape(delimiter.encode()) + rb"\r\n"
    return re.compile(rb"(?<![^" + before + rb'])"[^"]*(?:""[^"]*)*(?:"|\Z)')
