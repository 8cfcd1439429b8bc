"""What is exported, taken apart: classifiers with weights, and the features that they share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sklearn.pipeline import Pipeline

from model.errors import ExportError
from model.export.classifiers import check_classifier
from model.export.preprocessing import (
    CategoryColumns,
    NumberColumn,
    Preprocessing,
    read_preprocessing,
)
from model.fitting.blend import Blend
from model.table.dataset import Dataset

_PIPELINE_STEPS = 2


@dataclass(frozen=True, eq=False)
class Member:
    """A fitted classifier, its preprocessing, and the weight of its log-odds."""

    classifier: Any
    preprocessing: Preprocessing
    weight: float


@dataclass(frozen=True)
class Number:
    """A number as all members see it: `blank` is None where it stays missing, or they differ."""

    name: str
    blank: float | None


@dataclass(frozen=True)
class Category:
    """A text as all members see it: `blank` is None where it counts as one of the others."""

    name: str
    blank: str | None
    categories: tuple[str, ...]
    has_rare: bool


@dataclass(frozen=True)
class Features:
    """What a record has to have: numbers, then categories, each in the table's order."""

    numbers: tuple[Number, ...]
    categories: tuple[Category, ...]

    @property
    def names(self) -> list[str]:
        """The features' names; a feature's number is its place."""
        names = [number.name for number in self.numbers]
        return names + [category.name for category in self.categories]


def read_members(model: Pipeline | Blend, dataset: Dataset) -> list[Member]:
    """Return the classifiers of a fitted pipeline, or of a blend of several.

    Raises:
        ExportError: a step, option, classifier or column that can't be reproduced exactly.
    """
    if isinstance(model, Blend):
        pairs = [pair for pair in zip(model.members, model.weights, strict=True) if pair[1]]
    else:
        pairs = [(model, 1.0)]
    return [_read_member(pipeline, weight, dataset) for pipeline, weight in pairs]


def share_features(members: list[Member], names: tuple[str, ...]) -> Features:
    """Return the features that any of the members uses, in the order of the table's names.

    Raises:
        ExportError: members that fill a category's blanks differently.
    """
    numbers = _by_name((member.preprocessing.numbers for member in members), names)
    categories = _by_name((member.preprocessing.categories for member in members), names)
    return Features(
        tuple(_share_number(name, columns) for name, columns in numbers.items()),
        tuple(_share_category(name, columns) for name, columns in categories.items()),
    )


def _read_member(pipeline: Any, weight: float, dataset: Dataset) -> Member:
    if type(pipeline) is not Pipeline or len(pipeline.steps) != _PIPELINE_STEPS:
        raise ExportError("expected a Pipeline of two steps: ColumnTransformer, classifier")
    preprocessing = read_preprocessing(pipeline[0], dataset.numeric, dataset.categorical)
    check_classifier(pipeline[1])
    return Member(pipeline[1], preprocessing, weight)


def _by_name(members: Iterable[tuple[Any, ...]], order: tuple[str, ...]) -> dict[str, list[Any]]:
    """Return what each member does to a column, by column, in the table's order."""
    found = [column for columns in members for column in columns]
    used = {column.name for column in found}
    return {name: [c for c in found if c.name == name] for name in order if name in used}


def _share_number(name: str, columns: list[NumberColumn]) -> Number:
    blanks = {column.blank for column in columns}
    return Number(name, blanks.pop() if len(blanks) == 1 else None)


def _share_category(name: str, columns: list[CategoryColumns]) -> Category:
    blanks = {column.blank for column in columns}
    if len(blanks) > 1:
        raise ExportError(f"column {name!r}: members of a blend fill its blanks differently")
    texts = dict.fromkeys(text for column in columns for text in column.categories)
    blank = blanks.pop()
    has_rare = any(column.others is not None for column in columns)
    # None where what training filled in is not told apart: scored like any other such text
    return Category(name, blank if blank in texts else None, tuple(texts), has_rare)
