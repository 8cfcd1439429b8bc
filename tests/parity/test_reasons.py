"""Reasons against the shap package, and against the scores that they add up to."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from inference.advice.reasons import explain_records
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from inference.scoring.records import encode_record
from model.export.model_file import build_artifact, serialize
from model.export.parity import to_records
from model.fitting.blend import Blend
from model.fitting.candidates import build_candidates

TOLERANCE = 1e-9  # the project's promise; 1e-14 is what it comes to
WHOLE_TABLE = ["LogisticRegression", "GradientBoostingClassifier", "HistGradientBoostingClassifier"]
CLASSIFIERS = [
    LogisticRegression(max_iter=2000),
    SGDClassifier(loss="log_loss"),
    GradientBoostingClassifier(n_estimators=30),
    GradientBoostingClassifier(n_estimators=4, max_depth=7, subsample=0.7),
    HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6),
    HistGradientBoostingClassifier(max_iter=5),
    RandomForestClassifier(n_estimators=5),
    RandomForestClassifier(n_estimators=20, max_depth=3, class_weight="balanced"),
    ExtraTreesClassifier(n_estimators=10, max_depth=6),
    DecisionTreeClassifier(),
    DecisionTreeClassifier(min_samples_leaf=0.6),
]
ROWS = 60  # of a small table: deep trees take a while


@pytest.fixture(scope="module")
def shap():
    """The package, which takes seconds to load."""
    with warnings.catch_warnings():
        # shap makes its colours with what matplotlib is about to deprecate
        warnings.filterwarnings("ignore", "The set_", PendingDeprecationWarning)
        import shap

        return shap


@pytest.fixture
def compare(shap):
    """Return the function that holds effects and base of some rows to shap's, and their sum."""

    def hold(pipeline, dataset, train_rows, rows):
        effects, base, scores = explain(pipeline, dataset, train_rows, rows)
        expected, expected_base = ask_shap(shap, pipeline, dataset, train_rows, rows)
        assert np.abs(effects - expected).max() <= TOLERANCE
        assert abs(base - expected_base) <= TOLERANCE
        assert np.abs(effects.sum(axis=1) + base - scores).max() <= TOLERANCE

    return hold


@pytest.mark.parametrize("name", WHOLE_TABLE)
def test_every_row_of_a_table_is_explained_as_shap_does(compare, customers, train_rows, name):
    pipeline = build_candidates(customers.numeric, customers.categorical)[name]
    pipeline.fit(customers.frame.iloc[train_rows], customers.target[train_rows])
    rows = np.arange(len(customers.target))

    compare(pipeline, customers, train_rows, rows)


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=str)
def test_every_kind_of_model_is_explained_as_shap_does(compare, small_table, fit, rng, classifier):
    classifier.set_params(random_state=int(rng.integers(2**31)))

    compare(fit(classifier, small_table), small_table, np.arange(400), np.arange(ROWS))


def test_missing_numbers_are_explained_as_shap_does(compare, small_table, fit, rng):
    numbers = list(small_table.numeric)
    frame = small_table.frame.copy()
    frame[numbers] = frame[numbers].mask(rng.random((400, len(numbers))) < 0.2)
    small_table = replace(small_table, frame=frame)
    classifier = HistGradientBoostingClassifier(max_iter=20, random_state=42)
    pipeline = fit(classifier, small_table, numbers=make_pipeline(FunctionTransformer()))

    compare(pipeline, small_table, np.arange(400), np.arange(ROWS))


# LightGBM names the columns of an array, and then misses the names
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
@pytest.mark.filterwarnings("ignore:LightGBM binary classifier with TreeExplainer")
def test_lightgbms_trees_are_explained_as_shap_does(compare, small_table, fit, make_booster):
    pipeline = fit(make_booster("lightgbm"), small_table, numbers=FunctionTransformer())

    compare(pipeline, small_table, np.arange(400), np.arange(ROWS))


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_catboosts_trees_are_explained_as_it_does(shap, small_table, fit, make_booster, depth):
    booster = make_booster("catboost", depth=depth)
    pipeline = fit(booster, small_table, numbers=FunctionTransformer())
    rows = np.arange(400)

    effects, base, scores = explain(pipeline, small_table, rows, rows)

    expected, expected_base = ask_shap(shap, pipeline, small_table, rows, rows)
    # CatBoost's own effects don't add up for customers in leaves that no training row came to,
    # as rows that it was trained on can be: each tree saw only a part of them
    adds_up = np.abs(expected.sum(axis=1) + expected_base - scores) <= TOLERANCE
    assert adds_up.sum() > 100
    assert np.abs(effects[adds_up] - expected[adds_up]).max() <= TOLERANCE
    assert abs(base - expected_base) <= TOLERANCE
    assert np.abs(effects.sum(axis=1) + base - scores).max() <= TOLERANCE


def test_blend_is_explained_by_the_sum_of_what_shap_says(shap, small_table, fit, make_booster):
    members = (
        fit(LogisticRegression(max_iter=2000), small_table),
        fit(LogisticRegression(C=0.01, max_iter=2000), small_table),
        fit(HistGradientBoostingClassifier(max_iter=15), small_table),
        fit(make_booster("catboost", depth=1), small_table),
    )
    weights, scale, shift = (0.25, 0.125, 0.5, 0.375), 1.25, -0.5
    blend, rows = Blend(members, weights, scale, shift), np.arange(400)

    effects, base, scores = explain(blend, small_table, rows, rows)

    parts = [ask_shap(shap, member, small_table, rows, rows) for member in members]
    expected = sum(w * values for w, (values, _) in zip(weights, parts, strict=True))
    expected_base = sum(w * start for w, (_, start) in zip(weights, parts, strict=True))
    assert np.abs(effects - scale * expected).max() <= TOLERANCE
    assert abs(base - (scale * expected_base + shift)) <= TOLERANCE
    assert np.abs(scores - blend.decision_function(small_table.frame)).max() <= TOLERANCE
    assert np.abs(effects.sum(axis=1) + base - scores).max() <= TOLERANCE


def explain(pipeline, dataset, train_rows, rows):
    """Return effects, base and scores as the function has them."""
    artifact = load_artifact(serialize(build_artifact(pipeline, dataset, train_rows), {}))
    names = [spec["name"] for spec in artifact.features]
    records = to_records(dataset.frame.iloc[rows])
    predictions = score_records(artifact, records).predictions
    answer = explain_records(artifact, records, predictions, len(names))
    scores = [artifact.score(*encode_record(record, artifact.features)[:2]) for record in records]
    effects = [list_effects(reasons, names) for reasons in answer["reasons"]]
    return np.array(effects), answer["base"], np.array(scores)


def list_effects(reasons, names):
    """Return the effects in the features' order."""
    by_name = {reason["feature"]: reason["effect"] for reason in reasons}
    return [by_name[name] for name in names]


def ask_shap(shap, pipeline, dataset, train_rows, rows):
    """Return shap's values with the columns of each feature summed, and its base."""
    matrix = pipeline[:-1].transform(dataset.frame)
    if isinstance(pipeline[-1], LogisticRegression | SGDClassifier):
        background = shap.maskers.Independent(matrix[train_rows], max_samples=len(train_rows))
        explainer = shap.LinearExplainer(pipeline[-1], background)
    else:
        explainer = shap.TreeExplainer(pipeline[-1], feature_perturbation="tree_path_dependent")
    values = explainer.shap_values(matrix[rows])
    if values.ndim == 3:
        values = values[:, :, 1]
    encoder = pipeline[0].transformers_[1][1][-1]
    sizes = [1] * len(dataset.numeric) + [len(texts) for texts in encoder.categories_]
    starts = np.cumsum([0, *sizes[:-1]])
    return np.add.reduceat(values, starts, axis=1), np.ravel(explainer.expected_value)[-1]
