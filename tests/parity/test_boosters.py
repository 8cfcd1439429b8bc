"""LightGBM's and CatBoost's classifiers, alone and blended, held to what the libraries say."""

from dataclasses import replace

import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from model.fitting.blend import Blend

# LightGBM names the columns of an array, and then misses the names
pytestmark = pytest.mark.filterwarnings("ignore:X does not have valid feature names")

LIGHTGBM = {
    "default": {},
    "stumps": {"num_leaves": 2, "learning_rate": 0.7},
    "many leaves": {"num_leaves": 80, "min_child_samples": 2},
    "single leaves": {"min_child_samples": 1000},
    "dart": {"boosting_type": "dart", "num_leaves": 8},
    "few bins": {"max_bin": 7, "class_weight": "balanced"},
    "drawn rows": {"subsample": 0.5, "subsample_freq": 1, "colsample_bytree": 0.5},
}
CATBOOST = {
    "default": {},
    "one condition": {"depth": 1, "learning_rate": 0.7},
    "deep": {"depth": 8, "iterations": 5},
    "lossguide": {"grow_policy": "Lossguide", "max_leaves": 12},
    "depthwise": {"grow_policy": "Depthwise", "depth": 3},
    "missing last": {"nan_mode": "Max"},
    "from the mean": {"boost_from_average": True, "l2_leaf_reg": 20},
    "balanced": {"auto_class_weights": "Balanced", "bootstrap_type": "Bernoulli"},
}
SETTINGS = [
    *(
        pytest.param("lightgbm", options, id=f"LightGBM-{name}")
        for name, options in LIGHTGBM.items()
    ),
    *(
        pytest.param("catboost", options, id=f"CatBoost-{name}")
        for name, options in CATBOOST.items()
    ),
]
NUMBERS = {
    "as they are": FunctionTransformer(),
    "scaled": StandardScaler(),
    "filled": make_pipeline(SimpleImputer(strategy="mean"), StandardScaler()),
}


@pytest.fixture
def table(small_table, rng):
    """A small table in which a tenth of all numbers is missing."""
    numbers = list(small_table.numeric)
    frame = small_table.frame.copy()
    frame[numbers] = frame[numbers].mask(rng.random((len(frame), len(numbers))) < 0.1)
    return replace(small_table, frame=frame)


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize(("library", "options"), SETTINGS)
def test_function_scores_as_the_library(table, fit, check, make_booster, library, options, numbers):
    check(fit(make_booster(library, **options), table, numbers=NUMBERS[numbers]), table)


@pytest.mark.parametrize("library", ["lightgbm", "catboost"])
def test_number_that_training_never_missed_may_be_missing(
    small_table, fit, check, make_booster, library
):
    numbers = list(small_table.numeric)
    whole = replace(small_table, frame=small_table.frame.fillna(dict.fromkeys(numbers, 1.5)))

    check(fit(make_booster(library), whole, numbers=FunctionTransformer()), whole)


@pytest.mark.parametrize("policy", ["ignore", "infrequent_if_exist", "error"])
@pytest.mark.parametrize("library", ["linear", "histogram", "lightgbm", "catboost"])
def test_rare_categories_are_one_group(small_table, fit, check, make_booster, library, policy):
    classifiers = {
        "linear": LogisticRegression(max_iter=2000),
        "histogram": HistGradientBoostingClassifier(max_iter=10),
    }
    classifier = classifiers.get(library) or make_booster(library)
    encoder = OneHotEncoder(handle_unknown=policy, min_frequency=60, sparse_output=False)
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), encoder)

    check(fit(classifier, small_table, texts=texts), small_table)


@pytest.mark.parametrize("calibration", [(1.0, 0.0), (1.25, -0.5)], ids=["plain", "calibrated"])
def test_blend_adds_up_members_that_treat_columns_differently(
    table, fit, check, make_booster, calibration
):
    rare = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=3, sparse_output=False
    )
    grouped = make_pipeline(SimpleImputer(strategy="most_frequent"), rare)
    members = (
        fit(LogisticRegression(max_iter=2000), table),
        fit(
            LogisticRegression(C=0.1, max_iter=2000),
            table,
            numbers=NUMBERS["filled"],
            texts=grouped,
        ),
        fit(HistGradientBoostingClassifier(max_iter=10), table, numbers=NUMBERS["as they are"]),
        fit(make_booster("lightgbm"), table, numbers=NUMBERS["scaled"], texts=grouped),
        fit(make_booster("catboost", depth=5), table, numbers=NUMBERS["filled"]),
    )

    check(Blend(members, (0.2, 0.1, 0.3, 0.0, 0.4), *calibration), table)


def test_one_models_calibration_is_exact(table, fit, check, make_booster):
    member = fit(make_booster("catboost"), table, numbers=NUMBERS["as they are"])

    check(Blend((member,), (1.0,), 0.8, 0.125), table)
