"""Fitted trees become conditions on raw values: no scaling, no float32, no 0/1 columns left.

docs/artifact.md describes what comes out.
"""

import sys
from typing import Any

import numpy as np

from model.export.ensembles import LEAF, Ensemble, Floats, Tree, read_ensemble
from model.export.preprocessing import NumberColumn, Preprocessing, require_imputers
from model.export.thresholds import find_raw_thresholds

Condition = tuple[int, float, bool]  # feature; threshold, or category; a missing number goes left

_ALWAYS_LEFT = (-1, 0.0, True)  # a split that no row passes the other way is left out
_ALWAYS_RIGHT = (-1, 0.0, False)
_LARGEST_SHORT = 1e15  # from 1e16 on, a double's own notation is the shorter one


def build_trees(classifier: Any, preprocessing: Preprocessing) -> dict[str, Any]:
    """Return the model file's `artifact` for a fitted tree or ensemble of trees.

    Raises:
        ExportError: an option, or a blank, that the function couldn't reproduce exactly.
    """
    ensemble = read_ensemble(classifier)
    if preprocessing.is_sparse or not ensemble.takes_missing:
        require_imputers(preprocessing, type(classifier).__name__)
    by_tree = _read_conditions(ensemble, preprocessing)
    used = sorted({condition for tree in by_tree for condition in tree if condition[0] >= 0})
    numbers = {condition: number for number, condition in enumerate(used)}
    flat = [
        _flatten(tree, conditions, numbers)
        for tree, conditions in zip(ensemble.trees, by_tree, strict=True)
    ]
    nodes, values, weights = zip(*flat, strict=True)
    return {
        "kind": "trees",
        "link": ensemble.link,
        "baseline": ensemble.baseline,
        "divisor": ensemble.divisor,
        **_describe(used, preprocessing.numbers),
        "trees": {"nodes": nodes, "values": values, "weights": weights},
    }


def _read_conditions(ensemble: Ensemble, preprocessing: Preprocessing) -> list[list[Condition]]:
    """Return the condition of each node of each tree; a leaf's means nothing."""
    raw = {
        column: _find_raw(ensemble, column, preprocessing.numbers[feature])
        for column, (feature, category) in enumerate(preprocessing.columns)
        if category is None
    }

    def read_condition(column: int, threshold: float, missing_left: bool) -> Condition:
        feature, category = preprocessing.columns[column]
        if category is not None:
            return _category_condition(feature, category, threshold)
        can_miss = preprocessing.numbers[feature].blank is None
        return _number_condition(feature, raw[column][threshold], can_miss, missing_left)

    return [
        [
            _ALWAYS_LEFT if left == LEAF else read_condition(column, threshold, missing_left)
            for left, column, threshold, missing_left in zip(
                tree.left.tolist(),
                tree.columns.tolist(),
                tree.thresholds.tolist(),
                tree.missing_left.tolist(),
                strict=True,
            )
        ]
        for tree in ensemble.trees
    ]


def _find_raw(ensemble: Ensemble, column: int, number: NumberColumn) -> dict[float, float]:
    thresholds = np.unique(
        np.concatenate(
            [
                tree.thresholds[(tree.columns == column) & (tree.left != LEAF)]
                for tree in ensemble.trees
            ]
        )
    )
    raw = find_raw_thresholds(thresholds, number, ensemble.precision)
    return dict(zip(thresholds.tolist(), raw.tolist(), strict=True))


def _category_condition(feature: int, category: int, threshold: float) -> Condition:
    if threshold < 0.0:
        return _ALWAYS_RIGHT
    return _ALWAYS_LEFT if threshold >= 1.0 else (feature, category, False)


def _number_condition(feature: int, raw: float, can_miss: bool, missing_left: bool) -> Condition:
    if raw == sys.float_info.max and (missing_left or not can_miss):
        return _ALWAYS_LEFT
    return (feature, raw, can_miss and missing_left)


def _describe(conditions: list[Condition], numbers: tuple[NumberColumn, ...]) -> dict[str, Any]:
    by_number: list[list[Condition]] = [[] for _ in numbers]
    category_sets = []
    for condition in conditions:
        if condition[0] < len(numbers):
            by_number[condition[0]].append(condition)
        else:
            category_sets.append([condition[0], [condition[1]]])
    described: dict[str, Any] = {
        "thresholds": [[condition[1] for condition in group] for group in by_number]
    }
    if any(number.blank is None for number in numbers):
        described["missing_left"] = [[int(condition[2]) for condition in g] for g in by_number]
    return described | {"category_sets": category_sets}


def _flatten(
    tree: Tree, conditions: list[Condition], numbers: dict[Condition, int]
) -> tuple[list[int], list[float], list[float]]:
    """Return a tree's nodes in preorder, and its leaves' values and weights, left to right."""
    left, right = tree.left.tolist(), tree.right.tolist()
    nodes: list[int] = []
    leaves: list[int] = []
    ahead = [0]
    while ahead:
        node = ahead.pop()
        condition = conditions[node]
        if left[node] == LEAF:
            nodes.append(LEAF)
            leaves.append(node)
        elif condition in (_ALWAYS_LEFT, _ALWAYS_RIGHT):
            ahead.append(left[node] if condition == _ALWAYS_LEFT else right[node])
        else:
            nodes.append(numbers[condition])
            ahead += [right[node], left[node]]
    return nodes, _shorten(tree.values[leaves]), _shorten(tree.weights[leaves])


def _shorten(numbers: Floats) -> list[float]:
    """Return Python numbers, small whole ones as int: a forest's file is a third smaller for it."""
    return [
        int(number) if number.is_integer() and abs(number) < _LARGEST_SHORT else number
        for number in numbers.tolist()
    ]
