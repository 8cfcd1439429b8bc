"""What this project's scorers are measured against: the obvious way to score, in plain Python.

`compile_first_version` is the first version's loop, as its description says: one vector per
record, then a dot product. `compile_flat_walk` makes the same vector and walks down each tree.
"""

from collections.abc import Callable
from math import exp, log
from typing import Any

from sklearn.pipeline import Pipeline

Predict = Callable[[dict[str, Any]], float]


def compile_first_version(artifact: dict[str, Any]) -> Predict:
    """Return the function from a record to its probability by a linear artifact."""
    coefficients, intercept = artifact["coef"][0], artifact["intercept"][0]

    def predict(record: dict[str, Any]) -> float:
        vector = _encode(record, artifact)
        score = intercept
        for coefficient, value in zip(coefficients, vector, strict=False):
            score += coefficient * value
        return 1.0 / (1.0 + exp(-score))

    return predict


def compile_flat_walk(pipeline: Pipeline, steps: dict[str, Any]) -> Predict:
    """Return the function from a record to its probability by a fitted gradient boosting.

    Args:
        pipeline: whose trees to walk; as arrays, a parsed JSON document would hold them so.
        steps: the preprocessing, as a linear artifact has it.
    """
    classifier = pipeline[-1]
    trees = [_to_arrays(tree.tree_) for (tree,) in classifier.estimators_]
    learning_rate = classifier.learning_rate
    churn_share = float(classifier.init_.class_prior_[1])
    baseline = log(churn_share / (1.0 - churn_share))

    def predict(record: dict[str, Any]) -> float:
        vector = _encode(record, steps)
        score = baseline
        for tree in trees:
            score += learning_rate * _walk(tree, vector)
        return 1.0 / (1.0 + exp(-score))

    return predict


def _to_arrays(tree: Any) -> dict[str, list]:
    return {
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "feature": tree.feature.tolist(),
        "threshold": tree.threshold.tolist(),
        "value": tree.value[:, 0, 0].tolist(),
    }


def _walk(tree: dict[str, list], vector: list[float]) -> float:
    node = 0
    while tree["left"][node] != -1:
        if vector[tree["feature"][node]] <= tree["threshold"][node]:
            node = tree["left"][node]
        else:
            node = tree["right"][node]
    return tree["value"][node]


def _encode(record: dict[str, Any], steps: dict[str, Any]) -> list[float]:
    vector = []
    for index, name in enumerate(steps["numeric_features"]):
        try:
            number = float(record.get(name))
        except (TypeError, ValueError):
            number = steps["numeric_imputer_medians"][index]
        vector.append((number - steps["numeric_means"][index]) / steps["numeric_scales"][index])
    for index, name in enumerate(steps["categorical_features"]):
        text = record.get(name)
        vector.extend(1.0 if text == category else 0.0 for category in steps["categories"][index])
    return vector
