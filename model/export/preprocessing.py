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
    """One text: a blank becomes `blank`, then it sets one of the feature's 0/1 columns to 1.

    Attributes:
        name: the table's column.
        blank: what a blank becomes; it needn't be among the categories.
        categories: the texts that are told apart.
        columns: which of the feature's 0/1 columns each category sets.
        others: the column that all other texts set, the rare ones among them; None: they set none.
        refuses_unseen: whether the encoder fails for a text that training never saw.
    """

    name: str
    blank: str
    categories: tuple[str, ...]
    columns: tuple[int, ...]
    others: int | None
    refuses_unseen: bool

    def column_of(self, text: str) -> int | None:
        """Return which of the feature's 0/1 columns a text sets."""
        return dict(zip(self.categories, self.columns, strict=True)).get(text, self.others)


@dataclass(frozen=True)
class Preprocessing:
    """What the classifier's columns mean.

    `columns[j]` says what column j of the classifier's matrix holds: (feature, None) for a number
    and (feature, which of its columns) for a 0/1 column, where feature counts through numbers,
    then categories, in the table's order.
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
    used = {*feature.columns, feature.others} - {None}
    return [(index, column) for column in range(len(used))]


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
    if encoder.drop is not None:
        raise ExportError(f"step {name!r}: OneHotEncoder(drop=…) can't be reproduced")
    if encoder.handle_unknown not in _UNSEEN_POLICIES:
        raise ExportError(f"step {name!r}: OneHotEncoder(handle_unknown=…) can't be reproduced")
    blanks = _read_blanks(name, imputer, columns)
    known = [categories.tolist() for categories in encoder.categories_]
    for column, blank, texts in zip(columns, blanks, known, strict=True):
        if not all(isinstance(text, str) for text in (blank, *texts)):
            raise ExportError(f"column {column!r}: expected categories that are texts")
    return [
        _read_category(encoder, place, column, blank)
        for place, (column, blank) in enumerate(zip(columns, blanks, strict=True))
    ]


def _read_category(encoder: OneHotEncoder, place: int, name: str, blank: str) -> CategoryColumns:
    """Return what an encoder makes of one column: rare categories have its last 0/1 column."""
    texts: list[str] = encoder.categories_[place].tolist()
    groups = getattr(encoder, "infrequent_categories_", None)  # None where none were asked for
    rare = set() if groups is None or groups[place] is None else set(groups[place].tolist())
    frequent = [text for text in texts if text not in rare]
    is_known = encoder.handle_unknown in ("infrequent_if_exist", "warn")
    others = len(frequent) if rare and is_known else None
    if others is None:  # rare ones count as what unseen ones don't, so they have to be listed
        listed = texts
        columns = [frequent.index(text) if text not in rare else len(frequent) for text in texts]
    else:
        listed, columns = frequent, [*range(len(frequent))]
    refuses_unseen = encoder.handle_unknown == "error"
    return CategoryColumns(name, blank, tuple(listed), tuple(columns), others, refuses_unseen)


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
