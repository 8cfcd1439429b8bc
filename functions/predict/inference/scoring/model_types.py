"""The types of what a model file holds, as docs/artifact.md describes it; no running code loads it.

A Model is what the artifacts of all formats come to: `artifact` fills in what a format lacks.
"""

from typing import Any, Literal, NotRequired, TypedDict


class NumberFormat(TypedDict):
    """How a table's texts spell a number."""

    decimal: str
    unit: NotRequired[str]


class Feature(TypedDict):
    """A number or a category; the latter has `categories`."""

    name: str
    kind: Literal["number", "category"]
    blank: Any  # a float, a text, or None
    min: NotRequired[float]
    max: NotRequired[float]
    number_format: NotRequired[NumberFormat]
    categories: NotRequired[list[str]]
    rare: NotRequired[bool]
    spellings: NotRequired[dict[str, str]]
    missing: NotRequired[list[str]]
    changeable: NotRequired[bool]


class LinearSection(TypedDict):
    """A linear model in the first version's form."""

    numeric_features: list[str]
    numeric_imputer_medians: list[float]
    numeric_means: list[float]
    numeric_scales: list[float]
    categorical_features: list[str]
    categories: list[list[str]]
    coef: list[list[float]]
    intercept: list[float]


class Linear(TypedDict):
    """A term that is linear in the numbers as they are."""

    kind: Literal["linear"]
    intercept: float
    weights: list[float]
    missing: NotRequired[list[float]]
    categories: list[list[float]]
    means: NotRequired[list[float]]


class TreeLists(TypedDict):
    """Trees, an entry each."""

    nodes: list[list[int]]
    values: list[list[float]]
    weights: list[list[float]]


class SymmetricTreeLists(TypedDict):
    """Trees that ask all rows the same, an entry each."""

    conditions: list[list[int]]
    values: list[list[float]]
    weights: list[list[float]]


class Trees(TypedDict):
    """A term of trees."""

    kind: Literal["trees"]
    baseline: float
    divisor: int
    thresholds: list[list[float]]
    missing_left: NotRequired[list[list[int]]]
    category_sets: list[tuple[int, list[int]]]
    trees: TreeLists
    symmetric_trees: NotRequired[SymmetricTreeLists]
    is_format_2: NotRequired[bool]  # added up as when that was the newest, to the last bit


class Model(TypedDict):
    """Score = scale x (the sum of the terms) + shift, and what the score is."""

    kind: Literal["linear", "trees", "sum"]
    link: str  # logit or identity
    scale: float
    shift: float
    terms: list[Linear | Trees]
