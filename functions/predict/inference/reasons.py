"""How much each feature moved a customer's score, by exact SHAP values; loaded only when asked for.

Linear models: the coefficient times the distance from the training mean, which is exact where
features are taken as independent. Trees: inference.tree_shap.
Columns of one feature are summed. Effects and base add up to the score: log-odds, or for a forest
(link "identity") the probability.
"""

from collections.abc import Callable
from math import isnan
from operator import getitem

from inference.artifact import Artifact
from inference.errors import BodyError
from inference.records import UNSEEN, Categories, Numbers

Explainer = Callable[[Numbers, Categories], list[float]]  # a row -> one effect per feature


def compile_reasons(artifact: Artifact) -> tuple[float, Explainer]:
    """Return the score of nobody in particular (base), and the function from a row to its effects.

    Raises:
        BodyError: the model file is of the first version, which doesn't hold what this needs.
    """
    if artifact.kind == "trees":
        from inference.tree_shap import compile_tree_shap

        return compile_tree_shap(artifact.model, artifact.features)
    if "feature_means" not in artifact.meta:
        raise BodyError("reasons: this model's file holds no training means; train it anew")
    return _compile_linear(artifact)


def list_reasons(
    artifact: Artifact, effects: list[float], row: tuple[Numbers, Categories], most: int
) -> list[dict]:
    """Return the features that moved the score most, the strongest first.

    Args:
        artifact: the model that serves.
        effects: one per feature of the schema.
        row: what was scored; a category that training never saw shows as null.
        most: how many at most.
    """
    values = [*map(_shown, row[0]), *(None if text is UNSEEN else text for text in row[1])]
    names = [spec["name"] for spec in artifact.features]
    reasons = zip(names, values, effects, strict=True)
    ranked = sorted(reasons, key=lambda reason: -abs(reason[2]))[:most]
    return [{"feature": name, "value": value, "effect": effect} for name, value, effect in ranked]


def unit_of(artifact: Artifact) -> str:
    """Return what effects are measured in: "log-odds" or "probability"."""
    return "probability" if artifact.model.get("link") == "identity" else "log-odds"


def _shown(number: float) -> float | None:
    return None if isnan(number) else number


def _compile_linear(artifact: Artifact) -> tuple[float, Explainer]:
    model, coefficients = artifact.model, artifact.model["coef"][0]
    means = artifact.meta["feature_means"]
    scales = model["numeric_scales"]
    start = len(scales)
    slopes = [c / scale for c, scale in zip(coefficients[:start], scales, strict=True)]
    centres = means["numeric"]
    tables = []
    base = model["intercept"][0]
    for slope, centre, scaled_from in zip(slopes, centres, model["numeric_means"], strict=True):
        base += slope * (centre - scaled_from)
    for categories, shares in zip(model["categories"], means["categorical"], strict=True):
        block = coefficients[start : start + len(categories)]
        average = sum(share * c for share, c in zip(shares, block, strict=True))
        effects = (c - average for c in block)
        tables.append(dict(zip(categories, effects, strict=True)) | {UNSEEN: -average})
        base += average
        start += len(categories)

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        moved = [s * (x - m) for s, x, m in zip(slopes, numbers, centres, strict=True)]
        return moved + list(map(getitem, tables, categories))

    return base, explain
