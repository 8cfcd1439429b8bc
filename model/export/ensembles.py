"""Fitted trees in one form, and scikit-learn's in it; what can't be reproduced is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.tree import DecisionTreeClassifier

from model.errors import ExportError

LEAF = -1

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tree:
    """One fitted tree, an entry per node, the root first.

    Attributes:
        left: the node for values up to the threshold; LEAF in a leaf.
        right: the node for the others.
        columns: the matrix's column that is tested.
        thresholds: in the classifier's units.
        missing_left: whether a missing number goes left.
        values: what a leaf adds to the sum.
        weights: the training rows in each node, weighted.
    """

    left: Integers
    right: Integers
    columns: Integers
    thresholds: Floats
    missing_left: npt.NDArray[np.bool_]
    values: Floats
    weights: Floats


@dataclass(frozen=True, eq=False)
class SymmetricTree:
    """One fitted tree that asks the same of all rows.

    Attributes:
        columns: the matrix's column that each condition tests.
        thresholds: up to which a row goes left, in the classifier's units.
        missing_left: whether a missing number goes left.
        values: what a leaf adds to the sum; leaf i has the rows that go right at the conditions
            whose bits are set in i, the first condition's being the lowest.
        weights: the training rows in each leaf, weighted.
    """

    columns: Integers
    thresholds: Floats
    missing_left: npt.NDArray[np.bool_]
    values: Floats
    weights: Floats


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Trees whose leaf values are summed: `baseline` + sum / `divisor` is what `link` takes.

    Attributes:
        trees: fitted trees.
        link: "logit" (the sum is log-odds) or "identity" (it is a probability).
        precision: the type that scikit-learn compares numbers in.
        takes_missing: whether the classifier scores a missing number.
        symmetric: further trees, of this kind.
    """

    trees: list[Tree]
    link: str
    baseline: float
    divisor: int
    precision: type[np.floating[Any]]
    takes_missing: bool
    symmetric: tuple[SymmetricTree, ...] = ()


def _read_gradient_boosting(classifier: Any) -> Ensemble:
    # The exponential loss means sigmoid(2 x sum): doubling is exact, so the link stays one.
    factor = 2.0 if classifier.loss == "exponential" else 1.0
    return Ensemble(
        trees=[
            _read_tree(tree, factor * (classifier.learning_rate * tree.tree_.value[:, 0, 0]))
            for tree in classifier.estimators_[:, 0]
        ],
        link="logit",
        baseline=_read_prior(classifier),
        divisor=1,
        precision=np.float32,
        takes_missing=False,
    )


def _read_prior(classifier: Any) -> float:
    if classifier.init == "zero":
        return 0.0
    if classifier.init is not None:
        raise ExportError("GradientBoostingClassifier(init=…): expected None or 'zero'")
    epsilon = np.finfo(np.float64).eps
    return float(logit(np.clip(classifier.init_.class_prior_[1], epsilon, 1 - epsilon)))


def _read_hist_gradient_boosting(classifier: Any) -> Ensemble:
    if classifier.is_categorical_ is not None:
        raise ExportError(
            "HistGradientBoostingClassifier(categorical_features=…): expected 0/1 columns only"
        )
    return Ensemble(
        trees=[_read_hist_tree(predictor.nodes) for (predictor,) in classifier._predictors],
        link="logit",
        baseline=float(classifier._baseline_prediction.item()),
        divisor=1,
        precision=np.float64,
        takes_missing=True,
    )


def _read_hist_tree(nodes: Any) -> Tree:
    is_leaf = nodes["is_leaf"].astype(bool)
    return Tree(
        left=np.where(is_leaf, LEAF, nodes["left"].astype(np.int64)),
        right=np.where(is_leaf, LEAF, nodes["right"].astype(np.int64)),
        columns=nodes["feature_idx"].astype(np.int64),
        thresholds=nodes["num_threshold"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        values=nodes["value"].astype(np.float64),
        weights=nodes["count"].astype(np.float64),
    )


def _read_forest(classifier: Any) -> Ensemble:
    return _average([_read_shares(tree) for tree in classifier.estimators_])


def _read_decision_tree(classifier: Any) -> Ensemble:
    return _average([_read_shares(classifier)])


def _average(trees: list[Tree]) -> Ensemble:
    return Ensemble(
        trees=trees,
        link="identity",
        baseline=0.0,
        divisor=len(trees),
        precision=np.float32,
        takes_missing=True,
    )


def _read_shares(tree: Any) -> Tree:
    return _read_tree(tree, tree.tree_.value[:, 0, 1])


def _read_tree(estimator: Any, values: Floats) -> Tree:
    tree = estimator.tree_
    return Tree(
        left=tree.children_left,
        right=tree.children_right,
        columns=tree.feature,
        thresholds=tree.threshold,
        missing_left=tree.missing_go_to_left.astype(bool),
        values=values,
        weights=tree.weighted_n_node_samples,
    )


SKLEARN_READERS: dict[type, Callable[[Any], Ensemble]] = {
    GradientBoostingClassifier: _read_gradient_boosting,
    HistGradientBoostingClassifier: _read_hist_gradient_boosting,
    RandomForestClassifier: _read_forest,
    ExtraTreesClassifier: _read_forest,
    DecisionTreeClassifier: _read_decision_tree,
}
