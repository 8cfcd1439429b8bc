import numpy as np
import pytest
from libraries import import_library
from scipy.special import logit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from model.fitting.leaves import round_leaves

BOOSTINGS = {
    "sklearn": ("sklearn.ensemble", "HistGradientBoostingClassifier", {"max_iter": 20}),
    "lightgbm": ("lightgbm", "LGBMClassifier", {"n_estimators": 20, "verbose": -1}),
    "catboost": (
        "catboost",
        "CatBoostClassifier",
        {"n_estimators": 20, "verbose": False, "allow_writing_files": False},
    ),
}


@pytest.mark.parametrize("library", BOOSTINGS)
def test_probabilities_hardly_move(fit, customers, library):
    module, name, options = BOOSTINGS[library]
    pipeline = fit(getattr(import_library(module), name)(**options))
    before = logit(pipeline.predict_proba(customers.frame)[:, 1])

    round_leaves(pipeline)

    moved = np.abs(logit(pipeline.predict_proba(customers.frame)[:, 1]) - before)
    assert 0 < moved.max() <= 20 * 0.5e-5 * 1.001  # half a unit of the last digit per tree


def test_values_have_five_decimals(fit):
    pipeline = fit(HistGradientBoostingClassifier(max_iter=3))

    round_leaves(pipeline)

    values = np.concatenate([p.nodes["value"] for (p,) in pipeline[-1]._predictors])
    assert all(len(repr(value).partition(".")[2]) <= 5 for value in np.abs(values).tolist())


def test_other_classifiers_are_left_alone(fit):
    pipeline = fit(LogisticRegression())
    before = pipeline[-1].coef_.copy()

    round_leaves(pipeline)

    assert pipeline[-1].coef_.tolist() == before.tolist()
