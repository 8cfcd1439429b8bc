"""Fitted trees become conditions on raw values: no scaling, no float32, no 0/1 columns left.

docs/artifact.md describes what comes out.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.errors import ExportError
from model.export.classifiers import read_ensemble
from model.export.ensembles import LEAF, Ensemble, Floats, SymmetricTree, Tree
from model.export.members import Category, Features, Member, Number
from model.export.preprocessing import CategoryColumns, NumberColumn, require_imputers
from model.export.thresholds import find_raw_thresholds

# Feature; threshold, or the categories that go right; whether a missing number goes left.
Condition = tuple[int, Any, bool]
ReadCondition = Callable[[int, float, bool], Condition]  # column, threshold, side of the missing

_ALWAYS_LEFT: Condition = (-1, 0.0, True)  # a split that no row passes the other way is left out
_ALWAYS_RIGHT: Condition = (-1, 0.0, False)
_ALWAYS = (_ALWAYS_LEFT, _ALWAYS_RIGHT)
_LARGEST_SHORT = 1e15  # from 1e16 on, a double's own notation is the shorter one
_DECIMALS = 9  # those of a rounded leaf times a blend's weight, and to spare
_NOISE = 4e-16  # relative: two roundings of a double


@dataclass(frozen=True, eq=False)
class _Part:
    """One member's trees, and the condition of each of their nodes."""

    weight: float
    ensemble: Ensemble
    trees: list[tuple[Tree, list[Condition]]]
    symmetric: list[tuple[SymmetricTree, list[Condition]]]


def build_trees(members: list[Member], features: Features) -> dict[str, Any]:
    """Return the model file's section for fitted trees: those of one model, or all of a blend's.

    Raises:
        ExportError: an option, or a blank, that the function couldn't reproduce exactly.
    """
    parts = [_read_part(member, features) for member in members]
    link, divisor = _find_link(parts)
    pairs = [pair for part in parts for pair in (*part.trees, *part.symmetric)]
    found = {condition for _, conditions in pairs for condition in conditions}
    used = sorted(condition for condition in found if condition not in _ALWAYS)
    numbers = {condition: number for number, condition in enumerate(used)}
    flat = [_flatten(*pair, numbers, part.weight) for part in parts for pair in part.trees]
    symmetric = [
        _cut_symmetric(*pair, numbers, part.weight) for part in parts for pair in part.symmetric
    ]
    return {
        "kind": "trees",
        "link": link,
        "baseline": sum(part.weight * part.ensemble.baseline for part in parts),
        "divisor": divisor,
        **_describe(used, features.numbers),
        "trees": _transpose(("nodes", "values", "weights"), flat),
        **(
            {"symmetric_trees": _transpose(("conditions", "values", "weights"), symmetric)}
            if symmetric
            else {}
        ),
    }


def _find_link(parts: list[_Part]) -> tuple[str, int]:
    links = {(part.ensemble.link, part.ensemble.divisor) for part in parts}
    if len(links) > 1:
        raise ExportError("Blend: expected members that have log-odds")
    return links.pop()


def _transpose(
    names: tuple[str, ...], trees: Sequence[tuple[list[Any], ...]]
) -> dict[str, list[Any]]:
    """Return what each tree has as columns, a name each."""
    return {name: [tree[place] for tree in trees] for place, name in enumerate(names)}


def _read_part(member: Member, features: Features) -> _Part:
    ensemble = read_ensemble(member.classifier)
    if member.preprocessing.is_sparse or not ensemble.takes_missing:
        require_imputers(member.preprocessing, type(member.classifier).__name__)
    read_condition = _compile_conditions(member, ensemble, features)
    return _Part(
        weight=member.weight,
        ensemble=ensemble,
        trees=[(tree, _read_conditions(tree, read_condition)) for tree in ensemble.trees],
        symmetric=[
            (tree, [read_condition(*split) for split in _list_splits(tree)])
            for tree in ensemble.symmetric
        ],
    )


def _read_conditions(tree: Tree, read_condition: ReadCondition) -> list[Condition]:
    """Return the condition of each node; a leaf's means nothing."""
    nodes = zip(tree.left.tolist(), _list_splits(tree), strict=True)
    return [_ALWAYS_LEFT if left == LEAF else read_condition(*split) for left, split in nodes]


def _list_splits(tree: Tree | SymmetricTree) -> list[tuple[int, float, bool]]:
    columns = (tree.columns.tolist(), tree.thresholds.tolist(), tree.missing_left.tolist())
    return [*zip(*columns, strict=True)]


def _compile_conditions(member: Member, ensemble: Ensemble, features: Features) -> ReadCondition:
    """Return the function from a split of a member's to the condition that it is."""
    columns = member.preprocessing.columns
    numbers, categories = member.preprocessing.numbers, member.preprocessing.categories
    raw = {
        column: _find_raw(ensemble, column, numbers[feature])
        for column, (feature, place) in enumerate(columns)
        if place is None
    }
    shared_numbers = {number.name: number for number in features.numbers}
    shared_categories = {category.name: category for category in features.categories}

    def read_condition(column: int, threshold: float, missing_left: bool) -> Condition:
        feature, own_column = columns[column]
        if own_column is not None:
            category = categories[feature - len(numbers)]
            sets = _list_setting(category, own_column, shared_categories[category.name])
            return _category_condition(features.names.index(category.name), sets, threshold)
        number = numbers[feature]
        largest_left = raw[column][threshold]
        goes_left = missing_left if number.blank is None else number.blank <= largest_left
        can_miss = shared_numbers[number.name].blank is None
        place = features.names.index(number.name)
        return _number_condition(place, largest_left, can_miss, goes_left)

    return read_condition


def _find_raw(ensemble: Ensemble, column: int, number: NumberColumn) -> dict[float, float]:
    """Return the raw threshold for each of a column's."""
    split = [
        tree.thresholds[(tree.columns == column) & (tree.left != LEAF)] for tree in ensemble.trees
    ]
    split += [tree.thresholds[tree.columns == column] for tree in ensemble.symmetric]
    thresholds = np.unique(np.concatenate(split))
    raw = find_raw_thresholds(thresholds, number, ensemble.precision)
    return dict(zip(thresholds.tolist(), raw.tolist(), strict=True))


def _list_setting(own: CategoryColumns, column: int, shared: Category) -> tuple[int, ...]:
    """Return which of the shared categories set one of a member's 0/1 columns.

    The number after the last is that of all texts which aren't listed.
    """
    columns = [*map(own.column_of, shared.categories), own.others]
    return tuple(place for place, found in enumerate(columns) if found == column)


def _category_condition(feature: int, going_right: tuple[int, ...], threshold: float) -> Condition:
    if threshold < 0.0:
        return _ALWAYS_RIGHT
    return _ALWAYS_LEFT if threshold >= 1.0 else (feature, going_right, False)


def _number_condition(feature: int, raw: float, can_miss: bool, missing_left: bool) -> Condition:
    if raw == sys.float_info.max and (missing_left or not can_miss):
        return _ALWAYS_LEFT
    return (feature, raw, can_miss and missing_left)


def _describe(conditions: list[Condition], numbers: tuple[Number, ...]) -> dict[str, Any]:
    by_number: list[list[Condition]] = [[] for _ in numbers]
    category_sets = []
    for condition in conditions:
        if condition[0] < len(numbers):
            by_number[condition[0]].append(condition)
        else:
            category_sets.append([condition[0], list(condition[1])])
    described: dict[str, Any] = {
        "thresholds": [[condition[1] for condition in group] for group in by_number]
    }
    if any(number.blank is None for number in numbers):
        described["missing_left"] = [[int(condition[2]) for condition in g] for g in by_number]
    return described | {"category_sets": category_sets}


def _flatten(
    tree: Tree, conditions: list[Condition], numbers: dict[Condition, int], weight: float
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
        elif condition in _ALWAYS:
            ahead.append(left[node] if condition == _ALWAYS_LEFT else right[node])
        else:
            nodes.append(numbers[condition])
            ahead += [right[node], left[node]]
    return nodes, _weigh(tree.values[leaves], weight), _shorten(tree.weights[leaves])


def _cut_symmetric(
    tree: SymmetricTree, conditions: list[Condition], numbers: dict[Condition, int], weight: float
) -> tuple[list[int], list[float], list[float]]:
    """Return a symmetric tree's conditions, values and weights, without what no row reaches."""
    leaves = np.arange(len(tree.values))
    for place, condition in enumerate(conditions):
        if condition in _ALWAYS:
            leaves = leaves[leaves >> place & 1 == (condition == _ALWAYS_RIGHT)]
    asked = [numbers[condition] for condition in conditions if condition not in _ALWAYS]
    return asked, _weigh(tree.values[leaves], weight), _shorten(tree.weights[leaves])


def _weigh(leaves: Floats, weight: float) -> list[float]:
    """Return the leaves times a blend's weight: with few decimals, where it has and they have."""
    values = weight * leaves
    short = values.round(_DECIMALS)
    return _shorten(np.where(np.abs(short - values) <= _NOISE * np.abs(values), short, values))


def _shorten(numbers: Floats) -> list[float]:
    """Return Python numbers, small whole ones as int: a forest's file is a third smaller for it."""
    return [
        int(number) if number.is_integer() and abs(number) < _LARGEST_SHORT else number
        for number in numbers.tolist()
    ]
