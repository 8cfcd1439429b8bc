"""Which column is the target, and which of its two values means churn."""

import re

import numpy as np
import numpy.typing as npt

from model.errors import DataError
from model.table.columns import ColumnOptions
from model.table.csv_table import Column, CsvTable
from model.table.values import is_blank, locate

# Column names and values in capitals or not, with or without spaces, underscores and hyphens.
_TARGET_NAME = re.compile(
    r"(is|has|customer)?(churn(ed|er|flag|label|value|status)?|exited|attrit(ed|ion)(flag)?|left)"
)
_POSITIVE_WORD = re.compile(
    r"y|yes|t|true|churn(ed|ers?)?|exit(ed)?|attrit(ed|ion)|left|lost|leaver|cancell?ed|terminated"
)
_NEGATION = re.compile(r"no|not|non|never")


def find_target(table: CsvTable, options: ColumnOptions) -> Column:
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


def read_labels(table: CsvTable, column: Column, options: ColumnOptions) -> tuple[str, str]:
    """Return the target's two values as they stand in the file, the one that means churn last.

    Raises:
        DataError: a blank, not exactly two values, or none that plainly means churn.
    """
    where = f'{table.name}: target "{column.name}"'
    labels = list(column.distinct)
    if blank := {label for label in labels if is_blank(label, options.blanks)}:
        place = locate(table, column, blank)
        raise DataError(f"{where}: blank in {place}; leave out customers whose outcome is unknown")
    if len(labels) == 1:
        raise DataError(f"{where}: has one value only; a model needs customers of both kinds")
    if len(labels) > 2:  # noqa: PLR2004  a target has two values: stayed and left
        third = table.lines[column.values.index(labels[2])]
        raise DataError(
            f"{where}: expected two values, found {len(labels):,}; the third is in line {third}"
        )
    positive = _positive(labels, options.positive, where)
    return labels[1 - labels.index(positive)], positive


def encode_target(column: Column, positive: str) -> npt.NDArray[np.int64]:
    """Return 1 for each row with the positive label and 0 for the others."""
    return np.array([text == positive for text in column.values], dtype=np.int64)


def _positive(labels: list[str], said: str | None, where: str) -> str:
    choices = " or ".join(f'--positive "{label}"' for label in labels)
    if said is not None:
        if said not in labels:
            raise DataError(f'{where}: no row has the value "{said}"; say {choices}')
        return said
    positive = [label for label in labels if _means_churn(label)] or _one_of_zero_and_one(labels)
    if len(positive) != 1:
        raise DataError(f"{where}: can't tell which of its values means churn; say {choices}")
    return positive[0]


def _means_churn(label: str) -> bool:
    words = re.findall(r"[a-z]+", label.casefold())
    return any(map(_POSITIVE_WORD.fullmatch, words)) and not any(map(_NEGATION.fullmatch, words))


def _one_of_zero_and_one(labels: list[str]) -> list[str]:
    numbers = {label.strip().removesuffix(".0"): label for label in labels}
    return [numbers["1"]] if numbers.keys() == {"0", "1"} else []


def _squeeze(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
