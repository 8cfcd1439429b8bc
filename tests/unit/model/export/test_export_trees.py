from dataclasses import replace

import numpy as np
import pytest
from libraries import import_library
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
)
from sklearn.tree import DecisionTreeClassifier

from model.errors import ExportError
from model.export.classifiers import read_ensemble
from model.export.export_trees import build_trees
from model.export.members import Member, share_features
from model.export.preprocessing import CategoryColumns, NumberColumn, Preprocessing

LARGEST = 1.7976931348623157e308
FLOAT32_GAP = 2**-22  # half the distance from 6.5 to the next float32

# what the matrix's columns hold: a number, and whether the category is b
PREPROCESSING = Preprocessing(
    numbers=(NumberColumn("x", 0.0, 0.0, 1.0),),
    categories=(CategoryColumns("kind", "a", ("a", "b"), (0, 1), None, False),),
    columns=((0, None), (1, 1)),
    is_sparse=False,
)
CAN_MISS = replace(PREPROCESSING, numbers=(NumberColumn("x", None, 0.0, 1.0),))
MATRIX = np.array([[1.0, 0], [2, 0], [3, 0], [10, 0], [10, 1], [11, 1]])
TARGET = np.array([0, 0, 0, 1, 0, 0])


def export(classifier, preprocessing):
    member = Member(classifier, preprocessing, 1.0)
    return build_trees([member], share_features([member], ("x", "kind")))


@pytest.fixture
def tree():
    """Up to 6.5: 0; above: 0 for kind b, 1 for the others."""
    return DecisionTreeClassifier(random_state=0).fit(MATRIX, TARGET)


def test_tree_is_conditions_in_preorder_and_leaves_from_left_to_right(tree):
    artifact = export(tree, PREPROCESSING)

    assert artifact == {
        "kind": "trees",
        "link": "identity",
        "baseline": 0.0,
        "divisor": 1,
        "thresholds": [[6.5 + FLOAT32_GAP]],
        "category_sets": [[1, [1]]],
        "trees": {"nodes": [[0, -1, 1, -1, -1]], "values": [[0, 1, 0]], "weights": [[3, 1, 2]]},
    }


def test_threshold_is_in_raw_units(tree):
    scaled = replace(PREPROCESSING, numbers=(NumberColumn("x", 0.0, 100.0, 4.0),))

    artifact = export(tree, scaled)

    assert artifact["thresholds"] == [[4.0 * (6.5 + FLOAT32_GAP) + 100.0]]


def test_single_leaf_is_a_tree():
    tree = DecisionTreeClassifier(min_samples_leaf=6).fit(MATRIX, TARGET)

    artifact = export(tree, PREPROCESSING)

    assert artifact["thresholds"] == [[]]
    assert artifact["category_sets"] == []
    assert artifact["trees"] == {"nodes": [[-1]], "values": [[1 / 6]], "weights": [[6]]}


@pytest.mark.parametrize(
    ("node", "threshold", "expected"),
    [
        pytest.param(2, 1.0, ([0, -1, -1], [0, 1], [3, 1]), id="0/1 column always left"),
        pytest.param(2, -0.5, ([0, -1, -1], [0, 0], [3, 2]), id="0/1 column always right"),
        pytest.param(0, np.inf, ([-1], [0], [3]), id="number always left"),
    ],
)
def test_split_that_nothing_passes_the_other_way_is_left_out(tree, node, threshold, expected):
    tree.tree_.threshold[node] = threshold

    trees = export(tree, PREPROCESSING)["trees"]

    assert tuple(trees[key][0] for key in ("nodes", "values", "weights")) == expected


def test_missing_numbers_side_belongs_to_the_condition():
    matrix = np.array([[1.0, 0], [2, 0], [10, 0], [11, 0], [np.nan, 0]])
    low = DecisionTreeClassifier().fit(matrix, [0, 0, 1, 1, 0])
    high = DecisionTreeClassifier().fit(matrix, [0, 0, 1, 1, 1])

    left, right = export(low, CAN_MISS), export(high, CAN_MISS)

    assert (left["thresholds"], left["missing_left"]) == ([[6.0 + FLOAT32_GAP]], [[1]])
    assert (right["thresholds"], right["missing_left"]) == ([[6.0 + FLOAT32_GAP]], [[0]])


def test_split_of_missing_from_known_numbers_has_the_largest_threshold():
    matrix = np.array([[1.0, 0], [2, 0], [np.nan, 0]])
    tree = DecisionTreeClassifier().fit(matrix, [0, 0, 1])

    artifact = export(tree, CAN_MISS)

    assert (artifact["thresholds"], artifact["missing_left"]) == ([[LARGEST]], [[0]])
    assert artifact["trees"]["nodes"] == [[0, -1, -1]]


def test_forest_is_divided_by_its_trees():
    forest = ExtraTreesClassifier(n_estimators=3, max_depth=1, random_state=1).fit(MATRIX, TARGET)

    artifact = export(forest, PREPROCESSING)

    shares = [tree.tree_.value[tree.tree_.children_left < 0, 0, 1] for tree in forest.estimators_]
    assert (artifact["link"], artifact["divisor"]) == ("identity", 3)
    assert artifact["trees"]["values"] == [share.tolist() for share in shares]


@pytest.mark.parametrize("weights", [{0: 0.3, 1: 1.5}, {0: 1e30, 1: 3e30}], ids=["small", "huge"])
def test_weights_that_are_no_small_whole_numbers_stay_doubles(weights):
    tree = DecisionTreeClassifier(max_depth=1, class_weight=weights).fit(MATRIX, TARGET)

    (leaves,) = export(tree, PREPROCESSING)["trees"]["weights"]

    assert leaves == tree.tree_.weighted_n_node_samples[1:].tolist()
    assert {type(weight) for weight in leaves} == {float}


def test_rounded_leaves_stay_short_with_a_blends_weight():
    boosting = HistGradientBoostingClassifier(max_iter=1, min_samples_leaf=1).fit(MATRIX, TARGET)
    nodes = boosting._predictors[0][0].nodes
    nodes["value"][nodes["is_leaf"] == 1] = [0.12345, 0.5, 1 / 3][: (nodes["is_leaf"] == 1).sum()]
    member = Member(boosting, CAN_MISS, 0.14)

    (leaves,) = build_trees([member], share_features([member], ("x", "kind")))["trees"]["values"]

    assert 0.14 * 0.12345 != 0.017283  # what a double makes of it
    assert leaves == [0.017283, 0.07, 0.14 / 3]


@pytest.mark.parametrize(
    ("classifier", "preprocessing"),
    [
        pytest.param(GradientBoostingClassifier(n_estimators=1), CAN_MISS, id="boosting"),
        pytest.param(DecisionTreeClassifier(), replace(CAN_MISS, is_sparse=True), id="sparse"),
    ],
)
def test_missing_number_that_scikit_learn_refuses_is_refused(classifier, preprocessing):
    classifier.fit(MATRIX, TARGET)

    with pytest.raises(ExportError) as refusal:
        export(classifier, preprocessing)

    name = type(classifier).__name__
    assert str(refusal.value) == f"column 'x': {name} needs a SimpleImputer to score a blank"


def test_histogram_boosting_compares_doubles():
    matrix = np.repeat(MATRIX, 10, axis=0)
    classifier = HistGradientBoostingClassifier(max_iter=1).fit(matrix, matrix[:, 0] > 6)

    artifact = export(classifier, PREPROCESSING)

    assert artifact["thresholds"] == [[6.5]]
    assert artifact["link"] == "logit"


@pytest.mark.parametrize(
    ("low", "high", "is_right"),
    [
        pytest.param(0.0, 5.0, False, id="always left"),
        pytest.param(-5.0, 0.0, True, id="always right"),
    ],
)
def test_symmetric_tree_loses_the_condition_that_nothing_passes_the_other_way(low, high, is_right):
    catboost = import_library("catboost")
    matrix = np.array([[x, kind] for x in (1.0, 9.0) for kind in (low, high)] * 20)
    target = (matrix[:, 0] > 5) ^ (matrix[:, 1] == high)
    few = {"iterations": 1, "depth": 2, "verbose": 0, "allow_writing_files": False}
    booster = catboost.CatBoostClassifier(**few, thread_count=1).fit(matrix, target.astype(int))

    artifact = export(booster, PREPROCESSING)

    # the second column isn't of 0 and 1, so all 0s and 1s are on the same side of its border
    (tree,) = read_ensemble(booster).symmetric
    kind_place = tree.columns.tolist().index(1)
    kept = [leaf for leaf in range(4) if (leaf >> kind_place & 1) == is_right]
    assert sorted(tree.columns.tolist()) == [0, 1]
    assert artifact["thresholds"] == [[pytest.approx(5.0)]]
    assert artifact["category_sets"] == []
    assert artifact["symmetric_trees"]["conditions"] == [[0]]
    assert artifact["symmetric_trees"]["values"] == [tree.values[kept].tolist()]
    assert artifact["symmetric_trees"]["weights"] == [[20, 20]]
