"""A row's log-odds by a linear model, compiled once: weights fused with scaling, texts looked up.

The sum is scikit-learn's dot product of scaled numbers and one-hot columns, regrouped.
"""

from collections.abc import Callable, Iterable
from operator import getitem, mul

from inference.errors import ArtifactError
from inference.scoring.category_groups import group_categories
from inference.scoring.records import UNSEEN, Categories, Numbers

try:
    from math import sumprod  # CPython 3.12+
except ImportError:

    def sumprod(p: Iterable[float], q: Iterable[float], /) -> float:
        """Return the dot product of two vectors of the same length."""
        return sum(map(mul, p, q))


Scorer = Callable[[Numbers, Categories], float]


def compile_linear(model: dict, schema: dict) -> Scorer:
    """Return the function from a row to its log-odds.

    Args:
        model: the artifact's model section; shapes as in docs/artifact.md.
        schema: its features have the model's order; checked.

    Raises:
        ArtifactError: lengths that don't fit together, a scale of zero.
    """
    weights, intercept = _fuse_numbers(model)
    split, tables = group_categories(_category_tables(model), sum, value_bytes=24)
    _check_order(model, schema)

    def log_odds(numbers: Numbers, categories: Categories) -> float:
        return sum(map(getitem, tables, split(categories)), sumprod(weights, numbers) + intercept)

    return log_odds


def _fuse_numbers(model: dict) -> tuple[tuple[float, ...], float]:
    coefficients, intercept = model["coef"][0], model["intercept"][0]
    weights: list[float] = []
    columns = (model["numeric_features"], model["numeric_means"], model["numeric_scales"])
    for name, mean, scale in zip(*columns, strict=True):
        if not scale:
            raise ArtifactError(f"artifact.numeric_scales: zero for {name}")
        weight = coefficients[len(weights)] / scale
        intercept -= weight * mean
        weights.append(weight)
    return tuple(weights), intercept


def _category_tables(model: dict) -> list[dict]:
    tables: list[dict] = []
    coefficients = model["coef"][0]
    start = len(model["numeric_features"])
    for _, categories in zip(model["categorical_features"], model["categories"], strict=True):
        block = coefficients[start : start + len(categories)]
        tables.append(dict(zip(categories, block, strict=True)) | {UNSEEN: 0.0})
        start += len(categories)
    if start != len(coefficients):
        raise ArtifactError(f"artifact.coef: {len(coefficients)} numbers for {start} columns")
    return tables


def _check_order(model: dict, schema: dict) -> None:
    names = [feature["name"] for feature in schema["features"]]
    if names != [*model["numeric_features"], *model["categorical_features"]]:
        raise ArtifactError("schema.features: not the model's features in the model's order")
