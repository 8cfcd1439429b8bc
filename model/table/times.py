"""Columns of dates: known by their spelling, and the order in time that one of them gives."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from model.errors import DataError
from model.reading.table import Column, Table
from model.table.number_columns import find_numbers
from model.table.values import is_blank, known_texts

_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y")
_DAY_TIMES = ("", " %H:%M", " %H:%M:%S")

Read = Callable[[str], datetime]


def are_dates(column: Column, blanks: Collection[str]) -> bool:
    """Return whether all texts of a column that aren't blank are dates of one spelling."""
    texts = known_texts(column.distinct, blanks)
    return bool(texts) and bool(_find_spellings(texts))


def rank_times(table: Table, column: Column, blanks: Collection[str]) -> npt.NDArray[np.int64]:
    """Return each row's rank in time, 0 for the earliest; rows of one time share a rank.

    Args:
        table: where the column stands.
        column: dates of one spelling, or numbers.
        blanks: texts that mean a missing value.

    Raises:
        DataError: a blank, something else than dates or numbers, or dates that may be read day
            or month first.
    """
    numbers = find_numbers(table, [column], blanks).get(column.name)
    where = f'{table.name}: --time: column "{column.name}"'
    blank = [
        text
        for text in column.distinct
        if is_blank(text, blanks) or (numbers and text.strip() in numbers.missing)
    ]
    if blank:
        raise DataError(f"{where}: blank in {table.locate(column, blank)}; leave such rows out")
    moments = np.array(
        [numbers.read(text) for text in column.distinct] if numbers else _read_dates(column, where)
    )
    return np.unique(moments, return_inverse=True)[1][column.codes].astype(np.int64)


def _read_dates(column: Column, where: str) -> list[float]:
    """Return the seconds since 1970 of each different date."""
    spellings = _find_spellings(column.distinct)
    if not spellings:
        raise DataError(f"{where}: expected dates of one spelling, or numbers")
    first, *others = ([read(text).timestamp() for text in column.distinct] for read in spellings)
    if any(first != other for other in others):
        raise DataError(
            f"{where}: its dates can be read day first or month first; write them as 2026-01-31"
        )
    return first


def _find_spellings(texts: Iterable[str]) -> list[Read]:
    """Return the ways in which every text is a date."""
    readers: list[Read] = [_read_iso]
    readers += [_reader_of(date + time) for date in _FORMATS for time in _DAY_TIMES]
    for text in texts:
        readers = [read for read in readers if _is_readable(read, text)]
        if not readers:
            break
    return readers


def _reader_of(form: str) -> Read:
    return lambda text: datetime.strptime(text.strip(), form).replace(tzinfo=UTC)


def _read_iso(text: str) -> datetime:
    if "-" not in text:  # 20260131 is a number
        raise ValueError
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_readable(read: Read, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
