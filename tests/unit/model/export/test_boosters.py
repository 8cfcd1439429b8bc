import numpy as np
import pytest
from libraries import import_library

from model.errors import ExportError
from model.export.classifiers import read_ensemble

LEAF = -1


@pytest.fixture(scope="module")
def matrix():
    """A number in two clusters, another in tens, and one of 0 and 1."""
    rng = np.random.default_rng(1)
    near = rng.integers(0, 3, 200) + 10.0 * (np.arange(200) % 2)
    return np.column_stack([near, 10.0 * rng.integers(0, 9, 200), rng.integers(0, 2, 200)])


@pytest.fixture(scope="module")
def target(matrix):
    return (matrix[:, 0] > 5).astype(int)


@pytest.fixture
def boost(matrix, target):
    """Return the function that fits a library's classifier to the clusters."""

    def fit(library, matrix=matrix, target=target, **options):
        if library == "lightgbm":
            few = {"n_estimators": 1, "num_leaves": 2, "n_jobs": 1, "verbose": -1}
            classifier = import_library("lightgbm").LGBMClassifier(**few | options)
        else:
            few = {"iterations": 1, "depth": 1, "verbose": 0, "thread_count": 1}
            few |= {"allow_writing_files": False}
            classifier = import_library("catboost").CatBoostClassifier(**few | options)
        return classifier.fit(matrix, target)

    return fit


def test_lightgbms_tree_has_its_thresholds_values_and_counts(boost):
    classifier = boost("lightgbm")

    ensemble = read_ensemble(classifier)

    (tree,) = ensemble.trees
    text = classifier.booster_.model_to_string()
    values = [float(word) for word in text.partition("leaf_value=")[2].split("\n")[0].split(" ")]
    assert (ensemble.link, ensemble.baseline, ensemble.precision) == ("logit", 0.0, np.float64)
    assert tree.left.tolist() == [1, LEAF, LEAF]
    assert tree.right.tolist() == [2, LEAF, LEAF]
    assert tree.columns[0] == 0
    assert 2.0 <= tree.thresholds[0] < 10.0
    assert tree.values[1:].tolist() == values
    assert tree.weights[1:].tolist() == [100.0, 100.0]


def test_lightgbms_split_of_all_numbers_from_missing_ones_has_no_end(boost):
    """Its dump says 1e300 there, but the classifier sends 1e301 as it sends all numbers."""
    target = np.arange(200) % 2
    around_zero = np.random.default_rng(1).integers(-4, 5, (200, 1)).astype(float)
    classifier = boost("lightgbm", np.where(target[:, None], around_zero, np.nan), target)

    (tree,) = read_ensemble(classifier).trees

    huge, usual = np.full((1, 1), 1e301), np.ones((1, 1))
    assert classifier.predict_proba(huge).tolist() == classifier.predict_proba(usual).tolist()
    assert tree.thresholds[0] == np.inf


@pytest.mark.parametrize("is_low", [True, False])
def test_lightgbms_missing_number_has_a_side_where_training_saw_some(boost, matrix, is_low):
    matrix = matrix.copy()
    matrix[:50, 0] = np.nan
    target = (matrix[:, 0] > 5) | np.isnan(matrix[:, 0]) & (not is_low)

    (tree,) = read_ensemble(boost("lightgbm", matrix, target.astype(int))).trees

    assert tree.missing_left[0] == is_low


@pytest.mark.parametrize(("shift", "goes_left"), [(0.0, True), (13.0, False)])
def test_lightgbms_missing_number_counts_as_0_where_training_saw_none(
    boost, matrix, shift, goes_left
):
    (tree,) = read_ensemble(boost("lightgbm", matrix - shift)).trees

    assert (tree.thresholds[0] > 0) == goes_left
    assert tree.missing_left[0] == goes_left


@pytest.mark.parametrize("library", ["lightgbm", "catboost"])
def test_missing_number_needs_no_imputer(boost, library):
    assert read_ensemble(boost(library)).takes_missing


def test_catboosts_symmetric_tree_has_its_borders_values_and_weights(boost):
    classifier = boost("catboost")

    ensemble = read_ensemble(classifier)

    (tree,) = ensemble.symmetric
    assert (ensemble.trees, ensemble.link, ensemble.precision) == ([], "logit", np.float32)
    assert ensemble.baseline == classifier.get_scale_and_bias()[1]
    assert tree.columns.tolist() == [0]
    assert tree.thresholds[0] in classifier.get_borders()[0]
    assert tree.values.tolist() == classifier.get_leaf_values().tolist()
    assert tree.weights.tolist() == [100.0, 100.0]


def test_catboosts_other_trees_are_read_node_by_node(boost):
    ensemble = read_ensemble(boost("catboost", grow_policy="Lossguide", max_leaves=2))

    (tree,) = ensemble.trees
    assert ensemble.symmetric == ()
    assert tree.left.tolist() == [1, LEAF, LEAF]
    assert tree.columns[0] == 0
    assert tree.values[1] < 0 < tree.values[2]
    assert tree.weights[1:].tolist() == [100.0, 100.0]


@pytest.mark.parametrize(("mode", "goes_left"), [("Min", True), ("Max", False)])
def test_catboosts_missing_number_is_less_than_all_or_more(boost, matrix, mode, goes_left):
    matrix = matrix.copy()
    matrix[:50, 0] = np.nan
    target = (np.isnan(matrix[:, 0]) != goes_left) & ~(matrix[:, 0] < 5)

    (tree,) = read_ensemble(boost("catboost", matrix, target.astype(int), nan_mode=mode)).symmetric

    assert tree.columns.tolist() == [0]
    assert tree.missing_left.tolist() == [goes_left]


@pytest.mark.parametrize(
    ("library", "options", "message"),
    [
        pytest.param(
            "lightgbm",
            {"objective": "cross_entropy"},
            "LGBMClassifier(objective=…, sigmoid=…): expected binary, with 1",
            id="objective",
        ),
        pytest.param(
            "lightgbm",
            {"sigmoid": 2.0},
            "LGBMClassifier(objective=…, sigmoid=…): expected binary, with 1",
            id="sigmoid",
        ),
        pytest.param(
            "lightgbm",
            {"boosting_type": "rf", "subsample": 0.5, "subsample_freq": 1},
            "LGBMClassifier(boosting_type='rf'): can't be reproduced",
            id="rf",
        ),
        pytest.param(
            "lightgbm",
            {"linear_tree": True},
            "LGBMClassifier(linear_tree=True): can't be reproduced",
            id="linear trees",
        ),
        pytest.param(
            "lightgbm",
            {"zero_as_missing": True},
            "LGBMClassifier(zero_as_missing=True): can't be reproduced",
            id="zero as missing",
        ),
        pytest.param(
            "catboost",
            {"loss_function": "CrossEntropy"},
            "CatBoostClassifier(loss_function=…): expected Logloss",
            id="loss",
        ),
    ],
)
def test_option_that_cant_be_reproduced_is_refused(boost, library, options, message):
    classifier = boost(library, **options)

    with pytest.raises(ExportError) as refusal:
        read_ensemble(classifier)

    assert str(refusal.value) == message


def test_catboosts_own_categories_are_refused(boost, matrix):
    texts = np.array([["a"], ["b"], ["c"]])[matrix[:, 0].astype(int) % 3]
    classifier = boost("catboost", texts, cat_features=[0])

    with pytest.raises(ExportError) as refusal:
        read_ensemble(classifier)

    expected = "CatBoostClassifier(cat_features=…): expected numbers and 0/1 columns"
    assert str(refusal.value) == expected


def test_lightgbms_own_categories_are_refused(matrix, target):
    lightgbm = import_library("lightgbm")
    few = {"n_estimators": 1, "n_jobs": 1, "verbose": -1, "min_data_per_group": 1}
    classifier = lightgbm.LGBMClassifier(**few).fit(matrix, target, categorical_feature=[0])

    with pytest.raises(ExportError) as refusal:
        read_ensemble(classifier)

    expected = "LGBMClassifier(categorical_feature=…): expected 0/1 columns only"
    assert str(refusal.value) == expected


def test_catboosts_deep_symmetric_trees_are_refused(boost):
    rng = np.random.default_rng(1)
    classifier = boost("catboost", rng.normal(size=(500, 9)), rng.integers(0, 2, 500), depth=9)

    with pytest.raises(ExportError) as refusal:
        read_ensemble(classifier)

    assert str(refusal.value) == "CatBoostClassifier(depth=…): expected 8 at most"
