"""Which column is the target, and which of its two values means churn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.errors import DataError
from model.reading.table import Column, Table
from model.table.columns import ColumnOptions
from model.table.values import is_blank
from model.table.yes_and_no import YES, group_spellings

# Column names and values in capitals or not, with or without spaces, underscores and hyphens.
_TARGET_NAME = re.compile(
    r"(is|has|customer)?(churn(ed|er|flag|label|value|status)?|exited|attrit(ed|ion)(flag)?|left)"
)
_POSITIVE_WORD = re.compile(
    r"churn(ed|ers?)?|exit(ed)?|attrit(ed|ion)|left|lost|leaver|cancell?ed|terminated"
)
_NEGATION = re.compile(r"no|not|non|never")


def find_target(table: Table, options: ColumnOptions) -> Column:
    """Return the column to predict: the one said, else the one with a name that means churn.

    Raises:
        DataError: none or several of the columns have such a name.
    """
    if options.target is not None:
        return next(column for column in table.columns if column.name == options.target)
    dropped = {*options.drop, *options.categorical, *options.numeric, options.id}
    candidates = [
        column
        for column in table.columns
        if column.name not in dropped and _TARGET_NAME.fullmatch(_squeeze(column.name))
    ]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise DataError(f"{table.name}: no column is called Churn or the like; say --target COLUMN")
    names = ", ".join(f'"{column.name}"' for column in candidates)
    raise DataError(
        f"{table.name}: several columns could be the target ({names}); "
        "say --target COLUMN, and --drop those that tell the same"
    )


@dataclass(frozen=True, eq=False)
class Target:
    """The outcome of each customer.

    Attributes:
        labels: the two values, each in its most frequent spelling; the one that means churn last.
        values: 1 for each row with the latter, 0 for the others.
        notes: a line where a value has several spellings.
    """

    labels: tuple[str, str]
    values: npt.NDArray[np.int64]
    notes: tuple[str, ...] = ()


def read_target(table: Table, column: Column, options: ColumnOptions) -> Target:
    """Return the outcome of each customer.

    Raises:
        DataError: a blank, not exactly two values, or none that plainly means churn.
    """
    where = f'{table.name}: target "{column.name}"'
    if blank := [label for label in column.distinct if is_blank(label, options.blanks)]:
        place = table.locate(column, blank)
        raise DataError(f"{where}: blank in {place}; leave out customers whose outcome is unknown")
    spellings = group_spellings(column)
    labels = list(dict.fromkeys(spellings.values()))
    if len(labels) == 1:
        raise DataError(f"{where}: has one value only; a model needs customers of both kinds")
    if len(labels) > 2:  # noqa: PLR2004  a target has two values: stayed and left
        third = table.place(int(column.rows_with([labels[2]])[0]))
        raise DataError(
            f"{where}: expected two values, found {len(labels):,}; the third is in {third}"
        )
    positive = _positive(labels, spellings, options.positive, where)
    is_positive = np.array([spellings[text] == positive for text in column.distinct])
    return Target(
        (labels[1 - labels.index(positive)], positive),
        is_positive[column.codes].astype(np.int64),
        tuple(_notes(column.name, labels, spellings)),
    )


def _positive(labels: list[str], spellings: dict[str, str], said: str | None, where: str) -> str:
    choices = " or ".join(f'--positive "{label}"' for label in labels)
    if said is not None:
        if said not in spellings:
            raise DataError(f'{where}: no row has the value "{said}"; say {choices}')
        return spellings[said]
    positive = [label for label in labels if _means_churn(label)] or _one_of_zero_and_one(labels)
    if len(positive) != 1:
        raise DataError(f"{where}: can't tell which of its values means churn; say {choices}")
    return positive[0]


def _means_churn(label: str) -> bool:
    words = re.findall(r"[^\W\d_]+", label.casefold())
    is_positive = any(word in YES or _POSITIVE_WORD.fullmatch(word) for word in words)
    return is_positive and not any(map(_NEGATION.fullmatch, words))


def _one_of_zero_and_one(labels: list[str]) -> list[str]:
    numbers = {label.strip().removesuffix(".0"): label for label in labels}
    return [numbers["1"]] if numbers.keys() == {"0", "1"} else []


def _notes(name: str, labels: list[str], spellings: dict[str, str]) -> Iterator[str]:
    for label in labels:
        others = [f'"{text}"' for text, kept in spellings.items() if kept == label != text]
        if others:
            yield f'target "{name}": {", ".join(others)} read as "{label}"'


def _squeeze(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
