"""Why a column is no feature: it names customers, says nothing about them, or holds dates."""

import re

from model.reading.table import Column
from model.table.columns import ColumnOptions
from model.table.number_columns import Numbers
from model.table.times import are_dates
from model.table.values import known_texts, not_numbers

ALL_DIFFERENT = "every value is different"
COUNTS_ROWS = "it counts the rows"

_ID_NAME = re.compile(
    r"(^|[\W_])(id|uuid|guid|key|num|number|nr|no|index)$|"
    r"(customer|client|cust|user|member|subscriber|account|acct|row|record|policy|card|phone)"
    r"[\W_]*(id|key|num|number|nr|no|code)$"
)


def find_reason(
    column: Column, numbers: dict[str, Numbers], options: ColumnOptions, different_rows: int
) -> str | None:
    """Return why a column is no feature, or None if it may be one.

    Args:
        column: what may be a feature.
        numbers: how to read each column of numbers.
        options: what the user said.
        different_rows: how many rows the table has, those that repeat another not counted.
    """
    if column.name in (options.id, options.time):
        return "--id" if column.name == options.id else "--time"
    if column.name in (*options.numeric, *options.categorical):
        return None
    return _find_own_reason(column, options, different_rows, is_number=column.name in numbers)


def _find_own_reason(
    column: Column, options: ColumnOptions, different_rows: int, *, is_number: bool
) -> str | None:
    if not known_texts(column.distinct, options.blanks):
        return "it is blank in every row"
    if _counts_rows(column):
        return COUNTS_ROWS
    if len(column.distinct) == 1 and different_rows > 1:
        return "it has the same value in every row"
    if are_dates(column, options.blanks):
        return (
            "it holds dates; make a number of them, such as days since, or learn from the "
            f'earlier rows and test on the later with --time "{column.name}"'
        )
    if _tells_rows_apart(column, options, different_rows, is_number=is_number):
        return ALL_DIFFERENT
    return None


def _counts_rows(column: Column) -> bool:
    rows = len(column.codes)
    if len(column.distinct) < rows or rows == 1 or column.distinct[0] not in ("0", "1"):
        return False
    first = int(column.distinct[0])
    return all(text == str(row) for row, text in enumerate(column.distinct, first))


def _tells_rows_apart(
    column: Column, options: ColumnOptions, different_rows: int, *, is_number: bool
) -> bool:
    if len(column.distinct) < different_rows or different_rows == 1:
        return False
    if len(known_texts(column.distinct, options.blanks)) < len(column.distinct):
        return False
    texts = not_numbers(column.distinct)
    if (
        texts and not is_number
    ):  # among many numbers they are slips, which the error for such a column tells
        return len(texts) * 2 > len(column.distinct)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.name).casefold()
    return bool(_ID_NAME.search(words)) and all(map(str.isdecimal, column.distinct))
