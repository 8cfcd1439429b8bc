"""LightGBM's and CatBoost's classifiers, read into the form of scikit-learn's trees.

The libraries are asked through the fitted classifier, so neither is imported here.
"""

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from inference.scoring.conditions import MAX_SYMMETRIC_DEPTH
from model.errors import ExportError
from model.export.ensembles import LEAF, Ensemble, SymmetricTree, Tree

_DUMPED_INFINITY = 1e300  # LightGBM writes no larger number

Node = dict[str, Any]


def read_lightgbm(classifier: Any) -> Ensemble:
    """Return a fitted LGBMClassifier's trees, up to its best iteration.

    Raises:
        ExportError: an option that the function couldn't reproduce exactly.
    """
    model = classifier.booster_.dump_model()
    if model["objective"] != "binary sigmoid:1":
        raise ExportError("LGBMClassifier(objective=…, sigmoid=…): expected binary, with 1")
    if model["average_output"]:
        raise ExportError("LGBMClassifier(boosting_type='rf'): can't be reproduced")
    if classifier.booster_.params.get("linear_tree"):
        raise ExportError("LGBMClassifier(linear_tree=True): can't be reproduced")
    return Ensemble(
        trees=[_read_lightgbm_tree(tree["tree_structure"]) for tree in model["tree_info"]],
        link="logit",
        baseline=0.0,  # it is in the first tree's leaves
        divisor=1,
        precision=np.float64,
        takes_missing=True,
    )


def read_catboost(classifier: Any) -> Ensemble:
    """Return a fitted CatBoostClassifier's trees, up to its best iteration.

    Raises:
        ExportError: an option that the function couldn't reproduce exactly.
    """
    model = _dump_catboost(classifier)
    if model["model_info"]["params"]["loss_function"]["type"] != "Logloss":
        raise ExportError("CatBoostClassifier(loss_function=…): expected Logloss")
    features = model["features_info"]
    if features.keys() != {"float_features"}:
        raise ExportError("CatBoostClassifier(cat_features=…): expected numbers and 0/1 columns")
    treats = {
        feature["feature_index"]: (
            feature["flat_feature_index"],
            feature["nan_value_treatment"] != "AsTrue",
        )
        for feature in features["float_features"]
    }
    factor, (bias,) = model["scale_and_bias"]
    return Ensemble(
        trees=[_read_catboost_tree(tree, treats, factor) for tree in model.get("trees", [])],
        symmetric=tuple(
            _read_symmetric_tree(tree, treats, factor) for tree in model.get("oblivious_trees", [])
        ),
        link="logit",
        baseline=float(bias),
        divisor=1,
        precision=np.float32,
        takes_missing=True,
    )


def _read_lightgbm_tree(root: Node) -> Tree:
    nodes, left, right = _number_nodes(root, "left_child", "right_child")
    if any(node.get("decision_type", "<=") != "<=" for node in nodes):
        raise ExportError("LGBMClassifier(categorical_feature=…): expected 0/1 columns only")
    if any(node.get("missing_type") == "Zero" for node in nodes):
        raise ExportError("LGBMClassifier(zero_as_missing=True): can't be reproduced")
    return Tree(
        left=left,
        right=right,
        columns=np.array([node.get("split_feature", LEAF) for node in nodes]),
        thresholds=np.array([_read_threshold(node) for node in nodes], dtype=np.float64),
        missing_left=np.array([_sends_missing_left(node) for node in nodes]),
        values=np.array([node.get("leaf_value", 0.0) for node in nodes], dtype=np.float64),
        weights=np.array([node.get("leaf_count", 0) for node in nodes], dtype=np.float64),
    )


def _read_threshold(node: Node) -> float:
    """Return what the classifier compares with: its dump writes infinity as 1e300."""
    threshold = float(node.get("threshold", 0.0))
    return threshold if abs(threshold) < _DUMPED_INFINITY else math.copysign(math.inf, threshold)


def _sends_missing_left(node: Node) -> bool:
    """Return where a missing number goes: as its own kind, or as the 0 that it counts for."""
    if node.get("missing_type") == "NaN":
        return bool(node["default_left"])
    return bool(node.get("threshold", 0.0) >= 0.0)


def _dump_catboost(classifier: Any) -> Node:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.json")
        classifier.save_model(str(path), format="json")
        return json.loads(path.read_text(encoding="utf-8"))


def _read_catboost_tree(root: Node, treats: dict[int, tuple[int, bool]], factor: float) -> Tree:
    nodes, left, right = _number_nodes(root, "left", "right")
    leaf = {"border": 0.0, "float_feature_index": LEAF}
    splits = [node.get("split", leaf) for node in nodes]
    by_column = treats | {LEAF: (LEAF, True)}
    columns, missing_left = zip(
        *(by_column[split["float_feature_index"]] for split in splits), strict=True
    )
    return Tree(
        left=left,
        right=right,
        columns=np.array(columns),
        thresholds=np.array([split["border"] for split in splits], dtype=np.float64),
        missing_left=np.array(missing_left),
        values=factor * np.array([node.get("value", 0.0) for node in nodes], dtype=np.float64),
        weights=np.array([node.get("weight", 0) for node in nodes], dtype=np.float64),
    )


def _read_symmetric_tree(
    tree: Node, treats: dict[int, tuple[int, bool]], factor: float
) -> SymmetricTree:
    splits = tree["splits"] or []
    if len(splits) > MAX_SYMMETRIC_DEPTH:
        raise ExportError(f"CatBoostClassifier(depth=…): expected {MAX_SYMMETRIC_DEPTH} at most")
    treated = [treats[split["float_feature_index"]] for split in splits]
    return SymmetricTree(
        columns=np.array([column for column, _ in treated], dtype=np.int64),
        thresholds=np.array([split["border"] for split in splits], dtype=np.float64),
        missing_left=np.array([goes_left for _, goes_left in treated], dtype=bool),
        values=factor * np.array(tree["leaf_values"], dtype=np.float64),
        weights=np.array(tree["leaf_weights"], dtype=np.float64),
    )


def _number_nodes(root: Node, left: str, right: str) -> tuple[list[Node], Any, Any]:
    """Return a nested tree's nodes, the root first, and the numbers of each one's children."""
    nodes = [root]
    lefts: list[int] = []
    for node in nodes:  # which grows on the way
        lefts.append(len(nodes) if left in node else LEAF)
        if left in node:
            nodes += [node[left], node[right]]
    numbers = np.array(lefts)
    return nodes, numbers, np.where(numbers == LEAF, LEAF, numbers + 1)
