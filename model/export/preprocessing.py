"""A fitted ColumnTransformer, read back as what it does to each column; the rest is refused."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from model.errors import ExportError

_UNSEEN_POLICIES = ("error", "ignore", "infrequent_if_exist", "warn")


@dataclass(frozen=True)
class NumberColumn:
    """One number: a blank becomes `blank` (None: it stays missing), then (x - mean) / scale."""

    name: str
    blank: float | None
    mean: float
    scale: float


@dataclass(frozen=True)
class CategoryColumns:
    """One text: a blank becomes `blank`, then one 0/1 column per category, in this order."""

    name: str
    blank: str
    categories: tuple[str, ...]
    refuses_unseen: bool


@dataclass(frozen=True)
class Preprocessing:
    """What the classifier's columns mean.

    `columns[j]` says what column j of the classifier's matrix holds: (feature, None) for a number
    and (feature, category) for a 0/1 column, where feature counts through numbers, then
    categories, in the table's order.
    """

    numbers: tuple[NumberColumn, ...]
    categories: tuple[CategoryColumns, ...]
    columns: tuple[tuple[int, int | None], ...]
    is_sparse: bool


Feature = NumberColumn | CategoryColumns


def read_preprocessing(
    transformer: Any, numeric: tuple[str, ...], categorical: tuple[str, ...]
) -> Preprocessing:
    """Return what a fitted preprocessor does, feature by feature.

    Args:
        transformer: the pipeline's first step, fitted.
        numeric: the table's numeric columns, in order.
        categorical: the others, in order.

    Raises:
        ExportError: a step, option or column that the function couldn't reproduce exactly.
    """
    if type(transformer) is not ColumnTransformer:
        raise ExportError(f"{_type_name(transformer)}: expected a ColumnTransformer as first step")
    if transformer.transformer_weights:
        raise ExportError("ColumnTransformer: transformer_weights can't be reproduced")
    features = [
        feature
        for name, step, columns in transformer.transformers_
        for feature in _read_features(name, step, list(columns), numeric)
    ]
    order = _order_features(features, (*numeric, *categorical))
    features_in_order = sorted(features, key=lambda feature: order[feature.name])
    return Preprocessing(
        numbers=tuple(_only(features_in_order, NumberColumn)),
        categories=tuple(_only(features_in_order, CategoryColumns)),
        columns=tuple(pair for feature in features for pair in _columns(feature, order)),
        is_sparse=bool(transformer.sparse_output_),
    )


def require_imputers(preprocessing: Preprocessing, estimator: str) -> None:
    """Raise ExportError where a number could stay missing although the estimator refuses that."""
    for number in preprocessing.numbers:
        if number.blank is None:
            raise ExportError(
                f"column {number.name!r}: {estimator} needs a SimpleImputer to score a blank"
            )


def _order_features(features: list[Feature], names: tuple[str, ...]) -> dict[str, int]:
    used = [feature.name for feature in features]
    for name in used:
        if name not in names:
            raise ExportError(f"ColumnTransformer: {name!r} is no column of the table")
        if used.count(name) > 1:
            raise ExportError(f"ColumnTransformer: column {name!r} is used more than once")
    return {name: index for index, name in enumerate(name for name in names if name in used)}


def _only(features: list[Feature], kind: type) -> list[Any]:
    return [feature for feature in features if type(feature) is kind]


def _columns(feature: Feature, order: dict[str, int]) -> list[tuple[int, int | None]]:
    index = order[feature.name]
    if isinstance(feature, NumberColumn):
        return [(index, None)]
    return [(index, category) for category in range(len(feature.categories))]


def _read_features(
    name: str, step: object, columns: list[str], numeric: tuple[str, ...]
) -> list[Feature]:
    if step == "drop" or not columns:
        return []
    steps = [part for _, part in step.steps] if isinstance(step, Pipeline) else [step]
    steps = [part for part in steps if not _is_passthrough(part)]
    is_numeric = {column in numeric for column in columns}
    if len(is_numeric) > 1:
        raise ExportError(f"ColumnTransformer step {name!r}: mixes numbers and categories")
    if is_numeric.pop():
        return list(_read_numbers(name, steps, columns))
    return list(_read_categories(name, steps, columns))


def _is_passthrough(step: Any) -> bool:
    return step == "passthrough" or (type(step) is FunctionTransformer and step.func is None)


def _read_numbers(name: str, steps: list[Any], columns: list[str]) -> list[NumberColumn]:
    imputer = steps.pop(0) if steps and type(steps[0]) is SimpleImputer else None
    scaler = steps.pop(0) if steps and type(steps[0]) is StandardScaler else None
    _refuse_others(name, steps, "for numbers: [SimpleImputer], [StandardScaler]")
    width = len(columns)
    blanks = [None] * width if imputer is None else _read_blanks(name, imputer, columns)
    means = [0.0] * width if scaler is None or scaler.mean_ is None else scaler.mean_.tolist()
    scales = [1.0] * width if scaler is None or scaler.scale_ is None else scaler.scale_.tolist()
    if scaler is not None and not scaler.with_mean:
        means = [0.0] * width  # fitted all the same, for the variance
    return [
        NumberColumn(column, None if blank is None else float(blank), mean, scale)
        for column, blank, mean, scale in zip(columns, blanks, means, scales, strict=True)
    ]


def _read_categories(name: str, steps: list[Any], columns: list[str]) -> list[CategoryColumns]:
    if [type(step) for step in steps[:2]] != [SimpleImputer, OneHotEncoder]:
        raise ExportError(f"step {name!r}: for categories, expected SimpleImputer, OneHotEncoder")
    imputer, encoder = steps[:2]
    _refuse_others(name, steps[2:], "for categories: SimpleImputer, OneHotEncoder")
    for option in ("drop", "min_frequency", "max_categories"):
        if getattr(encoder, option) is not None:
            raise ExportError(f"step {name!r}: OneHotEncoder({option}=…) can't be reproduced")
    if encoder.handle_unknown not in _UNSEEN_POLICIES:
        raise ExportError(f"step {name!r}: OneHotEncoder(handle_unknown=…) can't be reproduced")
    blanks = _read_blanks(name, imputer, columns)
    known = [categories.tolist() for categories in encoder.categories_]
    for column, blank, texts in zip(columns, blanks, known, strict=True):
        if not all(isinstance(text, str) for text in (blank, *texts)):
            raise ExportError(f"column {column!r}: expected categories that are texts")
    return [
        CategoryColumns(column, blank, tuple(texts), encoder.handle_unknown == "error")
        for column, blank, texts in zip(columns, blanks, known, strict=True)
    ]


def _read_blanks(name: str, imputer: SimpleImputer, columns: list[str]) -> list[Any]:
    if imputer.add_indicator:
        raise ExportError(f"step {name!r}: SimpleImputer(add_indicator=True) can't be reproduced")
    if not _is_nan(imputer.missing_values):
        raise ExportError(f"step {name!r}: SimpleImputer(missing_values=…) can't be reproduced")
    if callable(imputer.strategy):
        raise ExportError(f"step {name!r}: SimpleImputer(strategy=callable) can't be reproduced")
    blanks: list[Any] = imputer.statistics_.tolist()
    for column, blank in zip(columns, blanks, strict=True):
        if _is_nan(blank) or blank is None:
            raise ExportError(f"column {column!r}: blank in all training rows")
    return blanks


def _refuse_others(name: str, steps: list[Any], expected: str) -> None:
    if steps:
        raise ExportError(f"step {name!r}: {_type_name(steps[0])} can't be reproduced; {expected}")


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and bool(np.isnan(value))


def _type_name(value: object) -> str:
    return type(value).__name__
