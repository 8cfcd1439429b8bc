"""What the model file says of each feature: kind, blank, range, categories, who may change it."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.errors import ExportError
from model.export.members import Category, Features, Number
from model.export.preprocessing import Preprocessing
from model.table.dataset import Dataset

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PERSONAL = re.compile(
    r"(?:sex|age|race|state|city|zip|name)$"
    r"|gender|senior|birth|partner|dependent|married|marital|child|ethnic|relig|nation|countr"
    r"|region|surname|educat|tenure|geograph|income|disab"
)


def build_features(
    features: Features,
    dataset: Dataset,
    train_rows: Sequence[int] | np.ndarray,
    changeable: Sequence[str] | None,
) -> list[dict[str, Any]]:
    """Return the schema's features in the classifier's order: numbers, then categories.

    Raises:
        ExportError: `changeable` names a feature that the model doesn't have.
    """
    if changeable is None:
        categorical = [category.name for category in features.categories]
        changeable = [name for name in categorical if not is_personal(name)]
    for name in changeable:
        if name not in features.names:
            raise ExportError(f"changeable: the model has no feature {name!r}")
    frame = dataset.frame.iloc[np.asarray(train_rows)]
    described = [
        *(_describe_number(number, frame, changeable) for number in features.numbers),
        *(_describe_category(category, changeable) for category in features.categories),
    ]
    return [spec | dataset.spellings.get(spec["name"], {}) for spec in described]


def is_personal(name: str) -> bool:
    """Return whether a column's name sounds like a fact about a person, which no offer changes."""
    return any(_PERSONAL.match(word.lower()) for word in _WORDS.findall(name))


def build_feature_means(
    preprocessing: Preprocessing, dataset: Dataset, train_rows: Sequence[int] | np.ndarray
) -> dict[str, list[Any]]:
    """Return the mean of each number and the share of each category, blanks filled as in training.

    A linear model's reasons measure a customer's distance from these.
    """
    frame = dataset.frame.iloc[np.asarray(train_rows)]
    numbers = [
        float(frame[number.name].fillna(number.blank).mean()) for number in preprocessing.numbers
    ]
    shares = []
    for category in preprocessing.categories:
        texts = frame[category.name].fillna(category.blank)
        shares.append([float((texts == text).mean()) for text in category.categories])
    return {"numeric": numbers, "categorical": shares}


def _describe_number(
    number: Number, frame: pd.DataFrame, changeable: Sequence[str]
) -> dict[str, Any]:
    values = frame[number.name]
    return {
        "name": number.name,
        "kind": "number",
        "blank": number.blank,
        "min": float(values.min()),
        "max": float(values.max()),
        "changeable": number.name in changeable,
    }


def _describe_category(category: Category, changeable: Sequence[str]) -> dict[str, Any]:
    described = {
        "name": category.name,
        "kind": "category",
        "blank": category.blank,
        "categories": list(category.categories),
        "changeable": category.name in changeable,
    }
    return described | {"rare": True} if category.has_rare else described
