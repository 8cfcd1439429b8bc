"""Which columns hold numbers, however a spreadsheet wrote them, and what marks a missing one.

A column is read as numbers where that is the only reading: all its texts are numbers with the same
decimal mark, but for spellings of "missing". Whether 1,234 is a thousand or little more than one,
the other columns of the table tell; where none does, the column is refused.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inference.scoring.number_format import (
    MARK_NAMES,
    PERCENT,
    find_unit,
    read_formatted_number,
)
from model.errors import DataError
from model.reading.table import Column, Table
from model.table.values import is_blank, read_number

if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

_MISSING = re.compile(r"#?n/?a!?|nan|null|missing|\?+|-+", re.IGNORECASE)  # among numbers only


@dataclass(frozen=True)
class Numbers:
    """How a column's texts are read as numbers.

    Attributes:
        decimal: the decimal mark, where thousands may be grouped; None means plain numbers.
        unit: the currency or % beside them, if any.
        missing: texts that mean a missing number, besides nothing at all.
    """

    decimal: str | None = None
    unit: str | None = None
    missing: tuple[str, ...] = ()

    @classmethod
    def from_schema(cls, spec: "Feature", blanks: Collection[str] = ()) -> "Numbers":
        """Return how a model's file says to read a feature; `blanks` are missing texts, too."""
        missing = tuple(dict.fromkeys((*blanks, *spec.get("missing", ()))))
        number_format = spec.get("number_format", {})
        return cls(number_format.get("decimal"), number_format.get("unit"), missing)

    def read(self, text: str) -> float | None:
        """Return the number that a text spells, or None."""
        if self.decimal is None:
            return read_number(text)
        return read_formatted_number(text, self.decimal, self.unit)

    def to_schema(self) -> dict[str, Any]:
        """Return what the model file says about it, so that the function reads alike."""
        members: dict[str, Any] = {}
        if self.decimal is not None:
            members["number_format"] = {"decimal": self.decimal}
            if self.unit is not None:
                members["number_format"]["unit"] = self.unit
        return members | ({"missing": list(self.missing)} if self.missing else {})


def is_missing_number(text: str) -> bool:
    """Return whether a text among numbers can only mean a missing one."""
    return _MISSING.fullmatch(text.strip()) is not None


def find_numbers(
    table: Table, columns: list[Column], blanks: Collection[str]
) -> dict[str, Numbers]:
    """Return how to read each column that can only be one of numbers: name -> how.

    Args:
        table: where the columns stand; all of its columns help to tell the decimal mark.
        columns: those that may be features.
        blanks: texts that mean a missing value, as the user says.

    Raises:
        DataError: a column's commas may be decimal marks or stand between thousands.
    """
    candidates = {column.name: _look_at(column, blanks) for column in table.columns}
    marks = {found.told for found in candidates.values() if found.readings and found.told}
    mark = marks.pop() if len(marks) == 1 else None
    return {
        column.name: _settle(table, column, candidates[column.name], mark)
        for column in columns
        if candidates[column.name].readings
    }


@dataclass
class _Candidate:
    """What a column may be, while its texts are gone through.

    Attributes:
        readings: decimal marks by which all its texts are numbers, None for plain ones.
        told: the mark that this column shows to be the table's.
        unit: the currency or % beside its numbers.
        has_bare: whether some have none.
        missing: texts that mean a missing number.
        example: a text that two marks read as different numbers.
    """

    readings: list[str | None]
    told: str | None = None
    unit: str | None = None
    has_bare: bool = False
    missing: tuple[str, ...] = ()
    example: str | None = None


def _look_at(column: Column, blanks: Collection[str]) -> _Candidate:
    found = _Candidate([None, *MARK_NAMES])
    missing: dict[str, None] = {}
    has_number = False
    for text in column.distinct:
        stripped = text.strip()
        if is_blank(text, blanks) or is_missing_number(stripped):
            if stripped:
                missing[stripped] = None
            continue
        has_number = True
        if read_number(text) is None or "." in text:  # else all marks read the same number
            _narrow(found, stripped)
            if not found.readings:
                return found
        else:
            found.has_bare = True
    found.missing = tuple(missing)
    is_mixed = found.unit == PERCENT and found.has_bare  # is 0.5 a half or half a percent?
    if is_mixed or not has_number:
        found.readings = []
    if None in found.readings:  # a plain number needs no mark for its thousands
        found.readings.remove(".")
    if found.example is None:
        found.readings = found.readings[:1]
    return found


def _narrow(found: _Candidate, text: str) -> None:
    """Leave the readings by which a text is a number."""
    unit = None if read_number(text) is not None else find_unit(text)
    if unit and found.unit not in (None, unit):  # of two currencies no sum means anything
        found.readings = []
        return
    found.unit = found.unit or unit
    found.has_bare |= unit is None
    numbers = {mark: read_formatted_number(text, mark, unit) for mark in MARK_NAMES}
    plain = read_number(text)
    found.readings = [
        mark for mark in found.readings if (plain if mark is None else numbers[mark]) is not None
    ]
    left = [mark for mark, number in numbers.items() if number is not None]
    if len(left) == 1:
        found.told = left[0]
    elif left and numbers["."] != numbers[","]:
        found.example = text


def _settle(table: Table, column: Column, found: _Candidate, mark: str | None) -> Numbers:
    """Return the one reading of a column; the table's mark chooses among two."""
    readings = found.readings
    if len(readings) > 1 and mark is not None:
        readings = [reading for reading in readings if (reading or ".") == mark]
    if len(readings) > 1 and None not in readings:
        where = table.locate(column, [t for t in column.distinct if t.strip() == found.example])
        raise DataError(
            f'{table.name}: column "{column.name}": its numbers can be read with a decimal comma '
            f"or with a comma between thousands, as in {where}; write them without the latter, "
            f'or say --categorical "{column.name}" if these are categories'
        )
    return Numbers(readings[0], found.unit, found.missing)
