"""The obvious way to score, in plain Python: one vector per record, then a loop.

A linear model's loop is the first version's, as its description says; with trees, which it could
not serve, the same vector walks down each tree over flat arrays.
"""

from collections.abc import Callable
from math import exp
from typing import Any

Predict = Callable[[dict[str, Any]], float]


def compile_model(artifact: dict[str, Any]) -> Predict:
    """Return the function from a record to its probability.

    Args:
        artifact: a linear one, or its preprocessing with `trees`, each with its nodes' left and
            right children (-1 marks a leaf), features, thresholds and values; `learning_rate`
            and `baseline`.
    """
    return _compile_trees(artifact) if "trees" in artifact else _compile_linear(artifact)


def _compile_linear(artifact: dict[str, Any]) -> Predict:
    coefficients, intercept = artifact["coef"][0], artifact["intercept"][0]

    def predict(record: dict[str, Any]) -> float:
        vector = _encode(record, artifact)
        score = intercept
        for coefficient, value in zip(coefficients, vector, strict=False):
            score += coefficient * value
        return 1.0 / (1.0 + exp(-score))

    return predict


def _compile_trees(artifact: dict[str, Any]) -> Predict:
    trees, learning_rate = artifact["trees"], artifact["learning_rate"]

    def predict(record: dict[str, Any]) -> float:
        vector = _encode(record, artifact)
        score = artifact["baseline"]
        for tree in trees:
            score += learning_rate * _walk(tree, vector)
        return 1.0 / (1.0 + exp(-score))

    return predict


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
