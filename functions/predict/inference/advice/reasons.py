"""How much each feature moved a customer's score, by exact SHAP values; loaded only when asked for.

Linear models: the coefficient times the distance from the training mean, which is exact where
features are taken as independent. Trees: inference.advice.tree_shap.
Columns of one feature are summed. Effects and base add up to the score: log-odds, or for a forest
(link "identity") the probability.
"""

from collections.abc import Callable
from math import isnan
from operator import getitem

from inference.errors import BodyError, TooLargeError
from inference.scoring.artifact import Artifact
from inference.scoring.records import UNSEEN, Categories, Numbers, encode_record

MAX_REASONS = 1_000  # per record; what the model has no feature for is left out
MAX_VISITS = 700_000  # nodes per request: 2 s on a whole processor, 14 s in 256 MB (November 2026)

Explainer = Callable[[Numbers, Categories], list[float]]  # a row -> one effect per feature
Reasons = tuple[float, Explainer, int]  # base, explainer, and its time per row in visits to nodes


def explain_records(
    artifact: Artifact, records: list, predictions: list[float | None], most: int
) -> dict:
    """Return the answer's members `reasons`, `base` and `unit`.

    A record without a prediction has None among the reasons.

    Args:
        artifact: the model that serves.
        records: as they were scored.
        predictions: what came of them.
        most: how many reasons to list per record.

    Raises:
        BodyError: the model file doesn't hold what this needs.
        TooLargeError: more records than there is time for, with a model of large trees.
    """
    base, explain, visits = compile_reasons(artifact)
    scored = len(predictions) - predictions.count(None)
    if scored * visits > MAX_VISITS and scored > 1:
        at_most = max(1, MAX_VISITS // visits)
        raise TooLargeError(
            f"reasons: this model is large; expected at most {at_most:,} at a time, got {scored:,}"
        )
    reasons: list[list[dict] | None] = []
    for record, prediction in zip(records, predictions, strict=True):
        if prediction is None:
            reasons.append(None)
            continue
        numbers, categories, _ = encode_record(record, artifact.features)
        effects = explain(numbers, categories)
        reasons.append(_list_reasons(artifact, effects, (numbers, categories), most))
    return {"reasons": reasons, "base": base, "unit": _unit_of(artifact)}


def compile_reasons(artifact: Artifact) -> Reasons:
    """Return what explains a model's scores; worked out once, and kept with the model.

    Base is the score of nobody in particular, where every effect starts from.

    Raises:
        BodyError: the model file is of the first version, which doesn't hold what this needs.
    """
    if artifact.reasons is None:
        artifact.reasons = _compile(artifact)
    return artifact.reasons


def _compile(artifact: Artifact) -> Reasons:
    if artifact.kind == "trees":
        from inference.advice.tree_shap import compile_tree_shap

        return compile_tree_shap(artifact.model, artifact.features)
    if "feature_means" not in artifact.meta:
        raise BodyError("reasons: this model's file holds no training means; train it anew")
    return (*_compile_linear(artifact.model, artifact.meta["feature_means"]), 0)


def _list_reasons(
    artifact: Artifact, effects: list[float], row: tuple[Numbers, Categories], most: int
) -> list[dict]:
    """Return the features that moved the score most, the strongest first.

    A category that training never saw shows as null, and so does a number that stays missing.
    """
    values = [*map(_shown, row[0]), *(None if text is UNSEEN else text for text in row[1])]
    names = [spec["name"] for spec in artifact.features]
    reasons = zip(names, values, effects, strict=True)
    ranked = sorted(reasons, key=lambda reason: -abs(reason[2]))[:most]
    return [{"feature": name, "value": value, "effect": effect} for name, value, effect in ranked]


def _shown(number: float) -> float | None:
    return None if isnan(number) else number


def _unit_of(artifact: Artifact) -> str:
    return "probability" if artifact.model.get("link") == "identity" else "log-odds"


def _compile_linear(model: dict, means: dict) -> tuple[float, Explainer]:
    coefficients = model["coef"][0]
    start = len(model["numeric_scales"])
    columns = (coefficients[:start], model["numeric_scales"], model["numeric_means"])
    slopes = []
    base = model["intercept"][0]
    for coefficient, scale, scaled_from, centre in zip(*columns, means["numeric"], strict=True):
        slopes.append(coefficient / scale)
        base += slopes[-1] * (centre - scaled_from)
    tables = []
    for categories, shares in zip(model["categories"], means["categorical"], strict=True):
        block = coefficients[start : start + len(categories)]
        average = sum(share * c for share, c in zip(shares, block, strict=True))
        effects = (c - average for c in block)
        tables.append(dict(zip(categories, effects, strict=True)) | {UNSEEN: -average})
        base += average
        start += len(categories)
    centres = means["numeric"]

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        moved = [s * (x - m) for s, x, m in zip(slopes, numbers, centres, strict=True)]
        return moved + list(map(getitem, tables, categories))

    return base, explain
