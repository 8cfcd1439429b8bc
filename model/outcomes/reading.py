"""Reads what is needed of the two tables: ids, scores, outcomes, and who was made an offer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from inference.scoring.artifact import Artifact
from inference.spelling import find_nearest
from model.errors import DataError
from model.reading.table import Column, Table
from model.table.columns import ColumnOptions
from model.table.target import find_target
from model.table.values import is_blank, read_number
from model.table.yes_and_no import means_yes

PROBABILITY, LABEL = "churn_probability", "churn_label"  # as `score` and bulk runs call them


@dataclass(frozen=True)
class Columns:
    """What was said about the columns; what wasn't, the model and the tables say.

    Attributes:
        id: of the table of outcomes; None means as the model calls it.
        target: the outcome; None means as the model calls it, else the one that means churn.
        positive: the outcome's text that means churn.
        treated: whether the customer was made an offer; None means that nobody knows.
    """

    id: str | None = None
    target: str | None = None
    positive: str | None = None
    treated: str | None = None


def read_scores(table: Table, artifact: Artifact, columns: Columns) -> pd.DataFrame:
    """Return `id`, `probability` and `flagged` of each row; a blank id or probability is missing.

    Raises:
        DataError: a column is absent, or a value is none that `score` writes.
    """
    probability, label = get_column(table, PROBABILITY), get_column(table, LABEL)
    name = artifact.id_column or columns.id
    if name is None:
        raise DataError("the model's file names no id column; say --id COLUMN")
    return pd.DataFrame(
        {
            "id": _read_ids(get_column(table, name)),
            "probability": _translate(table, probability, _read_probability, "0 to 1").astype(
                float
            ),
            "flagged": _translate(table, label, means_yes).eq(True),
        }
    )


def read_truth(table: Table, artifact: Artifact, columns: Columns) -> pd.DataFrame:
    """Return `id`, `left` and, if a column says so, `treated` of each row; a blank is missing.

    Raises:
        DataError: a column is absent, or a value can't be understood; names its line.
    """
    target = _find_outcome(table, artifact, columns)
    expected = "yes or no, or a label of the model's (--positive VALUE says which means churn)"
    read = _outcome_reader(artifact, columns.positive)
    name = columns.id or artifact.id_column
    frame = pd.DataFrame(
        {
            "id": _read_ids(get_column(table, str(name))),
            "left": _translate(table, target, read, expected),
        }
    )
    if columns.treated is not None:
        frame["treated"] = _translate(table, get_column(table, columns.treated), means_yes)
    return frame


def get_column(table: Table, name: str) -> Column:
    """Return a column by its name.

    Raises:
        DataError: there is none; names the nearest.
    """
    names = [column.name for column in table.columns]
    if name not in names:
        near = find_nearest(name, names)
        hint = f'; there is "{near}"' if near else ""
        raise DataError(f'{table.name}: there is no column "{name}"{hint}')
    return table.columns[names.index(name)]


def _find_outcome(table: Table, artifact: Artifact, columns: Columns) -> Column:
    names = [column.name for column in table.columns]
    name = columns.target or artifact.schema["target"]
    if columns.target or name in names:
        return get_column(table, name)
    return find_target(table, ColumnOptions(id=columns.id or artifact.id_column))


def _outcome_reader(artifact: Artifact, positive: str | None) -> Callable[[str], bool | None]:
    if positive is not None:
        return lambda text: text.strip() == positive
    stayed, left = (_squeeze(label) for label in artifact.labels)

    def read(text: str) -> bool | None:
        word = _squeeze(text)
        return word == left if word in (stayed, left) else means_yes(text)

    return read


def _read_ids(column: Column) -> pd.Series:
    ids = [None if is_blank(text) else text.strip() for text in column.distinct]
    return pd.Series(np.array(ids, dtype=object)[column.codes])


def _translate(
    table: Table, column: Column, read: Callable[[str], object], expected: str = "yes or no"
) -> pd.Series:
    """Return what each text means, missing for a blank; one that means nothing is an error."""
    values = [None if is_blank(text) else read(text) for text in column.distinct]
    for text, value in zip(column.distinct, values, strict=True):
        if value is None and not is_blank(text):
            place = table.locate(column, [text])
            raise DataError(f'{table.name}: "{column.name}" in {place}: expected {expected}')
    return pd.Series(np.array(values, dtype=object)[column.codes])


def _read_probability(text: str) -> float | None:
    number = read_number(text)
    return number if number is not None and 0.0 <= number <= 1.0 else None


def _squeeze(text: str) -> str:
    return text.strip().casefold()
