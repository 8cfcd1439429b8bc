"""What each column of a table is for: target, id, number, category, or nothing.

The rules, in order; flags overrule them:
- target: the one column called Churn, Exited, Attrition_Flag or the like (`model.table.target`);
- left out: a column with one value in every row, or of dates;
- left out: a column without blanks whose values are all different, if they are texts, or whole
  numbers under a name such as CustomerId, or just count the rows. The first is the id, one that
  counts the rows only if there is no other;
- number: every value that isn't missing is a finite number (`model.table.number_columns`);
- category: everything else, up to MAX_CATEGORIES different texts; a column with more is left out.
"""

from dataclasses import dataclass

from inference.spelling import find_nearest
from model.errors import DataError
from model.reading.table import Column, Table
from model.table.columns import ColumnOptions
from model.table.left_out import ALL_DIFFERENT, COUNTS_ROWS, find_reason
from model.table.number_columns import Numbers, find_numbers, is_missing_number
from model.table.target import find_target
from model.table.values import is_placeholder, known_texts, not_numbers

MAX_CATEGORIES = 100  # per column; more are names or free text, and as many weights to learn

_IDS = (ALL_DIFFERENT, COUNTS_ROWS, "--id")
_BLANK_HINT = "leave a missing number blank, or name the text that means it with --blank"


@dataclass(frozen=True)
class ColumnRoles:
    """The part that each column plays.

    Attributes:
        target: what to predict.
        id: what tells customers apart, if anything.
        time: what tells the earlier customers from the later, where that was said.
        numeric: column and how to read its numbers.
        categorical: columns of texts; `grouped` are those with too many, as the user wants them.
        left_out: name -> why it is no feature.
    """

    target: Column
    id: Column | None
    time: Column | None
    numeric: tuple[tuple[Column, Numbers], ...]
    categorical: tuple[Column, ...]
    grouped: tuple[str, ...]
    left_out: dict[str, str]


def infer_roles(
    table: Table, options: ColumnOptions, different_rows: int | None = None
) -> ColumnRoles:
    """Return the part that each column plays, by the rules above and what the options say.

    Args:
        table: the columns.
        options: what the user said.
        different_rows: how many rows there are, counting those that repeat another once; None
            means all differ.

    Raises:
        DataError: the options name a column that isn't there or name one twice, no plain target,
            or a column that can't be a feature; names the column, and the line where one is bad.
    """
    _check_options(table, options)
    target = find_target(table, options)
    rest = [c for c in table.columns if c is not target and c.name not in options.drop]
    numbers = find_numbers(
        table, [c for c in rest if c.name not in options.categorical], options.blanks
    )
    left_out = {
        column.name: reason
        for column in rest
        if (reason := find_reason(column, numbers, options, different_rows or table.rows))
    }
    features = [column for column in rest if column.name not in left_out]
    numeric = [column for column in features if _is_numeric(table, column, numbers, options)]
    categorical = [column for column in features if column not in numeric]
    for column in categorical:
        if _has_too_many(table, column, options):
            left_out[column.name] = _explain_too_many(column, options)
    categorical = [column for column in categorical if column.name not in left_out]
    if not numeric and not categorical:
        raise DataError(f"{table.name}: no column is left to learn from")
    return ColumnRoles(
        target=target,
        id=_choose_id(rest, left_out, options),
        time=next((column for column in rest if column.name == options.time), None),
        numeric=tuple((column, numbers[column.name]) for column in numeric),
        categorical=tuple(categorical),
        grouped=tuple(
            column.name
            for column in categorical
            if len(known_texts(column.distinct, options.blanks)) > MAX_CATEGORIES
        ),
        left_out=left_out,
    )


def _check_options(table: Table, options: ColumnOptions) -> None:
    names = [column.name for column in table.columns]
    flags = {
        "--target": [options.target],
        "--id": [options.id],
        "--time": [options.time],
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


def _is_numeric(
    table: Table, column: Column, numbers: dict[str, Numbers], options: ColumnOptions
) -> bool:
    values = known_texts(column.distinct, options.blanks)
    where = f'{table.name}: column "{column.name}"'
    if not values:
        raise DataError(f'{where}: blank in every row; leave it out with --drop "{column.name}"')
    if column.name in options.categorical:
        return False
    if column.name in numbers:
        return True
    others = [text for text in not_numbers(values) if not is_missing_number(text)]
    if column.name in options.numeric:
        place = table.locate(column, others)
        raise DataError(f"{where}: expected numbers, found text in {place}; {_BLANK_HINT}")
    if len(others) < len(values) and all(map(is_placeholder, others)):
        raise DataError(
            f"{where}: numbers, but for {table.locate(column, others)}; {_BLANK_HINT}, "
            f'or say --categorical "{column.name}" if these are categories'
        )
    return False


def _has_too_many(table: Table, column: Column, options: ColumnOptions) -> bool:
    """Return whether a column has more texts than categories may be, and nobody wants them.

    Raises:
        DataError: most of its texts are numbers, so that the others may be slips.
    """
    values = known_texts(column.distinct, options.blanks)
    if len(values) <= MAX_CATEGORIES or column.name in options.categorical:
        return False
    others = not_numbers(values)
    if len(others) * 2 < len(values):
        raise DataError(
            f'{table.name}: column "{column.name}": expected at most {MAX_CATEGORIES} different '
            f'texts, found {len(values):,}; leave it out with --drop "{column.name}", or mend it: '
            f"all are numbers, but for {table.locate(column, others)}"
        )
    return True


def _explain_too_many(column: Column, options: ColumnOptions) -> str:
    return (
        f"it has {len(known_texts(column.distinct, options.blanks)):,} different texts, more than "
        f'{MAX_CATEGORIES}; --categorical "{column.name}" keeps the frequent and groups the rest'
    )


def _choose_id(
    columns: list[Column], left_out: dict[str, str], options: ColumnOptions
) -> Column | None:
    by_name = {column.name: column for column in columns}
    if options.id is not None:
        return by_name[options.id]
    # A row's number is an id only where there is no better one.
    ids = [name for name, reason in left_out.items() if reason in _IDS]
    candidates = sorted(ids, key=lambda name: left_out[name] == COUNTS_ROWS)
    return by_name[candidates[0]] if candidates else None
