import numpy as np
import pytest
from libraries import import_library
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from model.fitting.blend import Blend, log_odds


@pytest.fixture(scope="module")
def linear(fit):
    return fit(LogisticRegression())


@pytest.fixture(scope="module")
def boosting(fit):
    return fit(HistGradientBoostingClassifier(max_iter=5, random_state=1))


def test_log_odds_are_those_of_the_probability(linear, boosting, customers):
    for pipeline in (linear, boosting):
        expected = logit(pipeline.predict_proba(customers.frame)[:, 1])

        assert log_odds(pipeline, customers.frame) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("library", "options"),
    [
        ("lightgbm.LGBMClassifier", {"n_estimators": 5, "verbose": -1}),
        ("catboost.CatBoostClassifier", {"n_estimators": 5, "allow_writing_files": False}),
    ],
    ids=["lightgbm", "catboost"],
)
def test_log_odds_of_other_libraries_are_those_of_their_probability(
    fit, customers, library, options
):
    module, _, name = library.partition(".")
    classifier = getattr(import_library(module), name)(**options)
    if module == "catboost":
        classifier.set_params(verbose=False)
    pipeline = fit(classifier)

    expected = logit(pipeline.predict_proba(customers.frame)[:, 1])

    assert log_odds(pipeline, customers.frame) == pytest.approx(expected)


def test_a_blend_adds_weighted_log_odds_then_scales_and_shifts(linear, boosting, customers):
    blend = Blend((linear, boosting), (0.25, 0.75), scale=1.5, shift=-0.5)

    total = 0.25 * linear.decision_function(customers.frame)
    total += 0.75 * boosting.decision_function(customers.frame)
    expected = expit(1.5 * total - 0.5)
    assert blend.predict_proba(customers.frame) == pytest.approx(
        np.column_stack([1 - expected, expected])
    )


def test_one_member_with_weight_one_is_that_member(linear, customers):
    blend = Blend((linear,), (1.0,))

    assert blend.predict_proba(customers.frame) == pytest.approx(
        linear.predict_proba(customers.frame)
    )


def test_a_forest_has_no_log_odds(fit, customers):
    forest = fit(RandomForestClassifier(n_estimators=2, random_state=1))

    with pytest.raises(TypeError, match=r"^RandomForestClassifier: has no log-odds$"):
        log_odds(forest, customers.frame)
