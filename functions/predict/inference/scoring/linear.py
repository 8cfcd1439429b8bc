"""A row's log-odds by a linear term, compiled once: weights fused with scaling, texts looked up.

The sum is scikit-learn's dot product of scaled numbers and one-hot columns, regrouped.
"""

from collections.abc import Callable, Iterable
from math import isnan
from operator import getitem, mul

from inference.errors import ArtifactError
from inference.scoring.category_groups import group_categories
from inference.scoring.records import UNSEEN, Categories, Category, Numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Linear, LinearSection

try:
    from math import sumprod  # CPython 3.12+
except ImportError:

    def sumprod(p: Iterable[float], q: Iterable[float], /) -> float:
        """Return the dot product of two vectors of the same length."""
        return sum(map(mul, p, q))


dot_product = sumprod
Scorer = Callable[[Numbers, Categories], float]


def read_linear(section: "LinearSection", features: "list[Feature]") -> "Linear":
    """Return the term that a linear model of the first version's form comes to.

    Args:
        section: the artifact's; shapes as in docs/artifact.md.
        features: of the schema, in the model's order; checked.

    Raises:
        ArtifactError: lengths that don't fit together, a scale of zero.
    """
    _check_order(section, features)
    weights, intercept = _fuse_numbers(section)
    categories = _cut_coefficients(section)
    return {"kind": "linear", "intercept": intercept, "weights": weights, "categories": categories}


def compile_linear(term: "Linear", features: "list[Feature]") -> Scorer:
    """Return the function from a row to its log-odds.

    Args:
        term: of kind linear; shapes as in docs/artifact.md.
        features: of the schema, numbers first.

    Raises:
        ArtifactError: lengths that don't fit together.
    """
    weights, intercept = tuple(term["weights"]), term["intercept"]
    tables = list_effects(term, features)
    split, groups = group_categories(tables, sum, value_bytes=24)

    def log_odds(numbers: Numbers, categories: Categories) -> float:
        return sum(
            map(getitem, groups, split(categories)), dot_product(weights, numbers) + intercept
        )

    if "missing" not in term:
        return log_odds
    missing = term["missing"]

    def log_odds_of_what_is_known(numbers: Numbers, categories: Categories) -> float:
        score = log_odds(numbers, categories)
        if not isnan(score):
            return score
        known = tuple(0.0 if isnan(number) else number for number in numbers)
        instead = (part for part, number in zip(missing, numbers, strict=True) if isnan(number))
        return log_odds(known, categories) + sum(instead)

    return log_odds_of_what_is_known


def list_effects(term: "Linear", features: "list[Feature]") -> list[dict[Category, float]]:
    """Return per categorical feature what each category adds to the log-odds, UNSEEN among them."""
    numbers = len(term["weights"])
    texts = zip(features[numbers:], term["categories"], strict=True)
    return [dict(zip((*spec["categories"], UNSEEN), parts, strict=True)) for spec, parts in texts]


def _fuse_numbers(model: "LinearSection") -> tuple[list[float], float]:
    coefficients, intercept = model["coef"][0], model["intercept"][0]
    weights: list[float] = []
    columns = (model["numeric_features"], model["numeric_means"], model["numeric_scales"])
    for name, mean, scale in zip(*columns, strict=True):
        if not scale:
            raise ArtifactError(f"artifact.numeric_scales: zero for {name}")
        weight = coefficients[len(weights)] / scale
        intercept -= weight * mean
        weights.append(weight)
    return weights, intercept


def _cut_coefficients(section: "LinearSection") -> list[list[float]]:
    """Return each category's coefficient, and 0 for the others, by categorical feature."""
    coefficients = section["coef"][0]
    start = len(section["numeric_features"])
    blocks = []
    for categories in section["categories"]:
        blocks.append([*coefficients[start : start + len(categories)], 0.0])
        start += len(categories)
    if start != len(coefficients):
        raise ArtifactError(f"artifact.coef: {len(coefficients)} numbers for {start} columns")
    return blocks


def _check_order(section: "LinearSection", features: "list[Feature]") -> None:
    texts = zip(section["categorical_features"], section["categories"], strict=True)
    expected = [*((name, None) for name in section["numeric_features"]), *texts]
    if [(spec["name"], spec.get("categories")) for spec in features] != expected:
        raise ArtifactError("schema.features: not the model's features in the model's order")
