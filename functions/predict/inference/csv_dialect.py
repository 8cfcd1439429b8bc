"""How a table is written: what separates its columns, and which bytes its letters have.

Training, requests and bulk scoring all ask here, so what one of them understands the others do.
Where a table can be read in two ways, none is chosen.
"""

import csv
import re
from contextlib import suppress
from io import StringIO
from itertools import islice

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
WINDOWS_1252 = "windows-1252"
UTF_16 = "utf-16"
DECLARATION = ["sep=", ""]  # cells of a line above the header by which Excel names its delimiter
BEGINNING = 262_144  # characters of a table that `find_delimiters` looks at

# A first byte of several in UTF-8 with the next one; then what Windows-1252 has no letter for.
_NOT_WINDOWS_1252 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]|[\x00\x81\x8d\x8f\x90\x9d]")
_DECLARED = re.compile(r"sep=([,;\t])[\r\n]")


def find_delimiters(text: str) -> list[str]:
    """Return the characters that may separate a table's columns; several mean it can't be told.

    What Excel declares in a first line, such as `sep=;`, counts. Else do those by which the header
    and the first row have the same number of cells, two or more; where none does, those that split
    the header.

    Args:
        text: the table, or its beginning.
    """
    declared = _DECLARED.match(text)
    if declared:
        return [declared[1]]
    widths = {delimiter: _count_cells(text[:BEGINNING], delimiter) for delimiter in DELIMITERS}
    splitting = [delimiter for delimiter, counts in widths.items() if counts and counts[0] > 1]
    fitting = [delimiter for delimiter in splitting if len(set(widths[delimiter])) == 1]
    return fitting or splitting


def find_encoding(data: bytes) -> str | None:
    """Return the one encoding that bytes can have that aren't UTF-8, or None.

    Args:
        data: a whole table.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # no header begins with such letters
        return UTF_16
    return WINDOWS_1252 if is_windows_1252(data) else None


def is_windows_1252(data: bytes) -> bool:
    """Return whether bytes that aren't UTF-8 can only be Windows-1252, as older Excel writes.

    No part of them looks like UTF-8, which a damaged file would, or like UTF-16.
    """
    return _NOT_WINDOWS_1252.search(data) is None


def _count_cells(text: str, delimiter: str) -> list[int]:
    """Return how many cells the header and the first row have, as far as their quotes fit."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    counts: list[int] = []
    with suppress(csv.Error):
        counts.extend(len(cells) for cells in islice(filter(None, reader), 2))
    return counts
