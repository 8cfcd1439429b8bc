"""Every supported estimator, with settings that change what its fitted form looks like."""

import pytest
from sklearn.base import clone
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.tree import DecisionTreeClassifier

SETTINGS = {
    LogisticRegression: {
        "default": {"max_iter": 2000},
        "balanced": {"class_weight": "balanced", "max_iter": 2000},
        "without intercept": {"fit_intercept": False, "max_iter": 2000},
        "sparse coefficients": {"solver": "liblinear", "l1_ratio": 1.0, "C": 0.1},
    },
    SGDClassifier: {
        "default": {"loss": "log_loss"},
        "averaged": {"loss": "log_loss", "average": True, "class_weight": {0: 1, 1: 3}},
        "huge scores": {"loss": "log_loss", "alpha": 1e-9, "learning_rate": "constant", "eta0": 50},
    },
    GradientBoostingClassifier: {
        "default": {"n_estimators": 40},
        "stumps": {"n_estimators": 60, "max_depth": 1, "learning_rate": 0.7},
        "deep": {"n_estimators": 5, "max_depth": 8, "subsample": 0.5},
        "few leaves": {"n_estimators": 20, "max_leaf_nodes": 5, "max_features": 0.3},
        "exponential": {"n_estimators": 20, "loss": "exponential"},
        "from zero": {"n_estimators": 20, "init": "zero"},
        "single leaves": {"n_estimators": 3, "min_samples_leaf": 0.5},
        "stopped early": {"n_iter_no_change": 2, "n_estimators": 50},
    },
    HistGradientBoostingClassifier: {
        "default": {"max_iter": 20},
        "few leaves": {"max_iter": 30, "max_leaf_nodes": 4, "l2_regularization": 5.0},
        "depth": {"max_iter": 15, "max_depth": 2, "max_features": 0.3},
        "balanced": {"max_iter": 15, "class_weight": "balanced"},
        "few bins": {"max_iter": 15, "max_bins": 5},
        "single leaves": {"max_iter": 3, "min_samples_leaf": 1000},
        "stopped early": {"max_iter": 50, "early_stopping": True, "n_iter_no_change": 2},
    },
    RandomForestClassifier: {
        "deep": {"n_estimators": 10},
        "shallow": {"n_estimators": 20, "max_depth": 4, "criterion": "entropy"},
        "balanced": {"n_estimators": 10, "class_weight": "balanced_subsample", "max_depth": 6},
        "whole sample": {"n_estimators": 5, "bootstrap": False, "max_features": None},
        "pruned": {"n_estimators": 10, "ccp_alpha": 0.01},
        "single leaves": {"n_estimators": 3, "min_samples_leaf": 0.5},
    },
    ExtraTreesClassifier: {
        "deep": {"n_estimators": 10},
        "shallow": {"n_estimators": 20, "max_depth": 4, "class_weight": {0: 1, 1: 2.5}},
        "small samples": {"n_estimators": 10, "bootstrap": True, "max_samples": 0.3},
    },
    DecisionTreeClassifier: {
        "deep": {},
        "stump": {"max_depth": 1},
        "random splits": {"splitter": "random", "min_samples_leaf": 5},
        "single leaf": {"min_samples_leaf": 0.6},
    },
}
CLASSIFIERS = [
    pytest.param(kind(**options), id=f"{kind.__name__}-{name}")
    for kind, settings in SETTINGS.items()
    for name, options in settings.items()
]


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_function_scores_as_scikit_learn(small_table, fit, check, rng, classifier):
    classifier = clone(classifier)
    if "random_state" in classifier.get_params():
        classifier.set_params(random_state=int(rng.integers(2**31)))

    check(fit(classifier, small_table), small_table)
