"""A table as it was written: columns of untouched text, and the place where each row stands."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Column:
    """One column: each different text once, by first appearance, and each row's place in them."""

    name: str
    distinct: list[str]
    codes: npt.NDArray[np.int32]

    def text(self, row: int) -> str:
        """Return what stands in a row."""
        return self.distinct[self.codes[row]]

    def rows_with(self, texts: Collection[str]) -> npt.NDArray[np.intp]:
        """Return the rows, in order, in which one of some texts stands."""
        chosen = np.array([text in texts for text in self.distinct], dtype=bool)
        return np.flatnonzero(chosen[self.codes])


@dataclass(frozen=True, eq=False)
class Table:
    """A table's columns, and how it was read.

    Attributes:
        name: the file's, for messages; several files have the first one's name and their number.
        sha256: of the files' bytes, one behind the other.
        columns: in the file's order.
        places: file -> the line, counted from 1, on which each of its rows begins.
        unit: what a row's number counts in its file: lines, or rows where there are no lines.
        notes: what had to be understood to read it, a line each.
    """

    name: str
    sha256: str
    columns: list[Column]
    places: dict[str, "array[int]"]
    unit: str = "line"
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(map(len, self.places.values()))

    def place(self, row: int) -> str:
        """Return where a row begins, as in "line 12", or "line 12 of b.csv" of several files."""
        for file, lines in self.places.items():
            if row < len(lines):
                where = f"{self.unit} {lines[row]}"
                return f"{where} of {file}" if len(self.places) > 1 else where
            row -= len(lines)
        raise IndexError(row)

    def locate(self, column: Column, texts: Collection[str]) -> str:
        """Return where any of a column's texts stands, as in "line 12 (and 3 more)"."""
        rows = column.rows_with(texts)
        more = f" (and {len(rows) - 1:,} more)" if len(rows) > 1 else ""
        return f"{self.place(int(rows[0]))}{more}"
