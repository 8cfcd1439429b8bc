"""Fitted linear classifiers become coefficients: of one model, or summed over a blend's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.export.ensembles import Floats
from model.export.members import Category, Features, Member
from model.export.preprocessing import Preprocessing, require_imputers
from model.table.dataset import Dataset


def build_linear(classifier: Any, preprocessing: Preprocessing) -> dict[str, Any]:
    """Return the model file's `artifact` for one linear model, in the first version's form.

    Raises:
        ExportError: a blank that the function couldn't reproduce exactly.
    """
    require_imputers(preprocessing, type(classifier).__name__)
    numbers, categories = preprocessing.numbers, preprocessing.categories
    by_feature = sorted(range(len(preprocessing.columns)), key=preprocessing.columns.__getitem__)
    return {
        "numeric_features": [number.name for number in numbers],
        "numeric_imputer_medians": [number.blank for number in numbers],
        "numeric_means": [number.mean for number in numbers],
        "numeric_scales": [number.scale for number in numbers],
        "categorical_features": [category.name for category in categories],
        "categories": [list(category.categories) for category in categories],
        "coef": [classifier.coef_[0, by_feature].tolist()],
        "intercept": classifier.intercept_.tolist(),
    }


def build_linear_term(
    members: list[Member],
    features: Features,
    dataset: Dataset,
    train_rows: Sequence[int] | np.ndarray,
) -> dict[str, Any]:
    """Return the one term of a sum that some linear members come to.

    Raises:
        ExportError: a blank that the function couldn't reproduce exactly.
    """
    for member in members:
        require_imputers(member.preprocessing, type(member.classifier).__name__)
    frame = dataset.frame.iloc[np.asarray(train_rows)]
    intercept = sum(member.weight * float(member.classifier.intercept_[0]) for member in members)
    weights, missing, categories, means = [], [], [], []
    for number in features.numbers:
        lines = [_find_line(member, number.name) for member in members]
        intercept -= sum(line.slope * line.mean for line in lines)
        weights.append(sum(line.slope for line in lines))
        missing.append(sum(line.slope * line.blank for line in lines))
        values = frame[number.name]
        means.append(sum(line.slope * float(values.fillna(line.blank).mean()) for line in lines))
    for category in features.categories:
        effects = np.sum([_find_effects(member, category) for member in members], axis=0)
        categories.append(effects.tolist())
        means.append(float(effects @ _find_shares(category, members, frame)))
    term: dict[str, Any] = {"kind": "linear", "intercept": intercept, "weights": weights}
    if any(number.blank is None for number in features.numbers):
        term["missing"] = missing
    return term | {"categories": categories, "means": means}


@dataclass(frozen=True)
class _Line:
    """What a member makes of a number: slope x (number - mean), a blank being `blank`."""

    slope: float
    mean: float
    blank: float


def _find_line(member: Member, name: str) -> _Line:
    for place, number in enumerate(member.preprocessing.numbers):
        if number.name == name and number.blank is not None:
            coefficient = _coefficients(member)[place, None]
            return _Line(coefficient / number.scale, number.mean, number.blank)
    return _Line(0.0, 0.0, 0.0)


def _find_effects(member: Member, category: Category) -> Floats:
    """Return what a member adds for each text of a category, and for all others."""
    effects = np.zeros(len(category.categories) + 1)
    for place, own in enumerate(member.preprocessing.categories, len(member.preprocessing.numbers)):
        if own.name == category.name:
            coefficients = _coefficients(member)
            columns = [*map(own.column_of, category.categories), own.others]
            for text, column in enumerate(columns):
                effects[text] = 0.0 if column is None else coefficients[place, column]
    return effects


def _coefficients(member: Member) -> dict[tuple[int, int | None], float]:
    """Return a member's weighted coefficients by feature and column."""
    coefficients = member.weight * member.classifier.coef_[0]
    return dict(zip(member.preprocessing.columns, coefficients.tolist(), strict=True))


def _find_shares(category: Category, members: list[Member], frame: pd.DataFrame) -> Floats:
    """Return the share of training rows with each text of a category, and with any other."""
    owns = [own for member in members for own in member.preprocessing.categories]
    (blank,) = {own.blank for own in owns if own.name == category.name} or {""}
    texts = frame[category.name].fillna(blank)
    shares = [float((texts == text).mean()) for text in category.categories]
    return np.array([*shares, 1.0 - sum(shares)])
