"""What each column of a table is for: target, id, number, category, or nothing.

The rules, in order; flags overrule them:
- target: the one column called Churn, Exited, Attrition_Flag or the like (`model.table.target`);
- left out: a column without blanks whose values are all different, if they are texts, or whole
  numbers under a name such as CustomerId, or just count the rows. The first is the id, one that
  counts the rows only if there is no other;
- number: every value that isn't blank is a finite decimal number;
- category: everything else, up to MAX_CATEGORIES different texts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inference.spelling import find_nearest
from model.errors import DataError
from model.table.columns import ColumnOptions
from model.table.csv_table import Column, CsvTable
from model.table.target import find_target
from model.table.values import is_blank, is_placeholder, locate, read_number

MAX_CATEGORIES = 100  # per column; more are names or free text, and as many weights to learn

_ID_NAME = re.compile(
    r"(^|[\W_])(id|uuid|guid|key|num|number|nr|no|index)$|"
    r"(customer|client|cust|user|member|subscriber|account|acct|row|record|policy|card|phone)"
    r"[\W_]*(id|key|num|number|nr|no|code)$"
)
_ALL_DIFFERENT = "every value is different"
_COUNTS_ROWS = "it counts the rows"
_BLANK_HINT = "leave a missing number blank, or name the text that means it with --blank"


@dataclass(frozen=True)
class ColumnRoles:
    """The part that each column plays; `left_out` has the reason for each that is no feature."""

    target: Column
    id: Column | None
    numeric: tuple[Column, ...]
    categorical: tuple[Column, ...]
    left_out: dict[str, str]


def infer_roles(table: CsvTable, options: ColumnOptions) -> ColumnRoles:
    """Return the part that each column plays, by the rules above and what the options say.

    Raises:
        DataError: the options name a column that isn't there or name one twice, no plain target,
            or a column that can't be a feature; names the column, and the line where one is bad.
    """
    _check_options(table, options)
    target = find_target(table, options)
    rest = [c for c in table.columns if c is not target and c.name not in options.drop]
    left_out = _find_left_out(rest, options)
    features = [column for column in rest if column.name not in left_out]
    if not features:
        raise DataError(f"{table.name}: no column is left to learn from")
    numeric = tuple(column for column in features if _is_numeric(table, column, options))
    categorical = tuple(column for column in features if column not in numeric)
    for column in categorical:
        _check_categories(table, column, options)
    return ColumnRoles(target, _choose_id(rest, left_out, options), numeric, categorical, left_out)


def _check_options(table: CsvTable, options: ColumnOptions) -> None:
    names = [column.name for column in table.columns]
    flags = {
        "--target": [options.target],
        "--id": [options.id],
        "--drop": options.drop,
        "--categorical": options.categorical,
        "--numeric": options.numeric,
    }
    flag_of: dict[str, str] = {}
    for flag, said in flags.items():
        for name in filter(None, said):
            if name not in names:
                near = find_nearest(name, names)
                hint = f'; did you mean "{near}"?' if near else ""
                raise DataError(f'{table.name}: {flag}: no column is called "{name}"{hint}')
            if flag_of.setdefault(name, flag) != flag:
                raise DataError(f'{table.name}: "{name}" is both {flag_of[name]} and {flag}')


def _find_left_out(columns: list[Column], options: ColumnOptions) -> dict[str, str]:
    left_out = {}
    for column in columns:
        if column.name == options.id:
            left_out[column.name] = "--id"
        elif column.name in (*options.numeric, *options.categorical):
            continue
        elif _counts_rows(column):
            left_out[column.name] = _COUNTS_ROWS
        elif _tells_rows_apart(column, options):
            left_out[column.name] = _ALL_DIFFERENT
    return left_out


def _counts_rows(column: Column) -> bool:
    first = column.values[0]
    if first not in ("0", "1") or len(column.values) == 1:
        return False
    return all(value == str(row) for row, value in enumerate(column.values, int(first)))


def _tells_rows_apart(column: Column, options: ColumnOptions) -> bool:
    if len(column.distinct) < len(column.values) or len(column.values) == 1:
        return False
    if any(is_blank(text, options.blanks) for text in column.distinct):
        return False
    texts = _not_numbers(column.distinct)
    if texts:  # among many numbers they are slips, which the error for such a column tells
        return len(texts) * 2 > len(column.distinct)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.name).casefold()
    return bool(_ID_NAME.search(words)) and all(map(str.isdecimal, column.distinct))


def _is_numeric(table: CsvTable, column: Column, options: ColumnOptions) -> bool:
    values = [text for text in column.distinct if not is_blank(text, options.blanks)]
    where = f'{table.name}: column "{column.name}"'
    if not values:
        raise DataError(f'{where}: blank in every row; leave it out with --drop "{column.name}"')
    if column.name in options.categorical:
        return False
    others = _not_numbers(values)
    if not others:
        return True
    if column.name in options.numeric:
        place = locate(table, column, others)
        raise DataError(f"{where}: expected numbers, found text in {place}; {_BLANK_HINT}")
    if len(others) < len(values) and all(map(is_placeholder, others)):
        raise DataError(
            f"{where}: numbers, but for {locate(table, column, others)}; {_BLANK_HINT}, "
            f'or say --categorical "{column.name}" if these are categories'
        )
    return False


def _check_categories(table: CsvTable, column: Column, options: ColumnOptions) -> None:
    values = [text for text in column.distinct if not is_blank(text, options.blanks)]
    if len(values) <= MAX_CATEGORIES:
        return
    message = (
        f'{table.name}: column "{column.name}": expected at most {MAX_CATEGORIES} different texts, '
        f'found {len(values):,}; leave it out with --drop "{column.name}"'
    )
    others = _not_numbers(values)
    if 0 < len(others) * 2 < len(values):
        message += f", or mend it: all are numbers, but for {locate(table, column, others)}"
    raise DataError(message)


def _choose_id(
    columns: list[Column], left_out: dict[str, str], options: ColumnOptions
) -> Column | None:
    by_name = {column.name: column for column in columns}
    if options.id is not None:
        return by_name[options.id]
    # A row's number is an id only where there is no better one.
    candidates = sorted(left_out, key=lambda name: left_out[name] == _COUNTS_ROWS)
    return by_name[candidates[0]] if candidates else None


def _not_numbers(texts: Iterable[str]) -> set[str]:
    return {text for text in texts if read_number(text) is None}
