"""The steps that may stand before a classifier, and numbers that stay missing."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

NUMBERS = {
    "mean, unscaled": SimpleImputer(),
    "most frequent": make_pipeline(SimpleImputer(strategy="most_frequent"), StandardScaler()),
    "constant": make_pipeline(
        SimpleImputer(strategy="constant", fill_value=-7.5), StandardScaler(with_mean=False)
    ),
    "centred": make_pipeline(SimpleImputer(strategy="median"), StandardScaler(with_std=False)),
}
TEXTS = {
    "refusing": make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder()),
    "blank is a category": make_pipeline(
        SimpleImputer(strategy="constant", fill_value="none"),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    ),
}


@pytest.fixture(params=["blanks in training", "blanks later only"])
def blanks(request, bank, rng):
    """The bank's customers, a third of whose balances are blank; or complete ones."""
    frame = bank.frame.copy()
    if request.param == "blanks later only":
        frame["Age"] = frame["Age"].fillna(40.0)
    else:
        frame["Balance"] = frame["Balance"].where(rng.random(len(frame)) > 0.3, np.nan)
    return replace(bank, frame=frame)


def classifiers(seed):
    return {
        "linear": LogisticRegression(solver="liblinear"),
        "boosting": GradientBoostingClassifier(n_estimators=15, random_state=seed),
        "histograms": HistGradientBoostingClassifier(max_iter=15, random_state=seed),
        "forest": RandomForestClassifier(n_estimators=5, random_state=seed),
    }


@pytest.fixture(params=["linear", "boosting", "histograms", "forest"])
def classifier(request, rng):
    return classifiers(int(rng.integers(2**31)))[request.param]


@pytest.mark.parametrize("steps", NUMBERS)
def test_numbers_are_filled_and_scaled_as_in_training(bank, fit, check, classifier, steps):
    check(fit(classifier, bank, numbers=NUMBERS[steps]), bank)


@pytest.mark.parametrize("steps", TEXTS)
def test_categories_are_filled_and_encoded_as_in_training(bank, fit, check, classifier, steps):
    check(fit(classifier, bank, texts=TEXTS[steps]), bank)


@pytest.mark.parametrize("name", ["linear", "boosting", "forest"])
def test_sparse_matrix_scores_as_a_dense_one(bank, fit, check, rng, name):
    classifier = classifiers(int(rng.integers(2**31)))[name]

    check(fit(classifier, bank, sparse_threshold=1.0), bank)


def test_columns_may_come_in_any_order(sample, check, classifier, rng):
    numeric = rng.permutation(sample.numeric).tolist()
    categorical = rng.permutation(sample.categorical).tolist()
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = ColumnTransformer(
        [
            ("some texts", texts, categorical[:7]),
            ("numbers", numbers, numeric),
            ("others", texts, categorical[7:]),
        ],
        sparse_threshold=0.0,
    )
    pipeline = Pipeline([("columns", columns), ("classifier", classifier)])

    check(pipeline.fit(sample.frame, sample.target), sample)


@pytest.mark.parametrize("scaling", ["passthrough", StandardScaler()], ids=["raw", "scaled"])
@pytest.mark.parametrize(
    "classifier",
    [
        HistGradientBoostingClassifier(max_iter=15, random_state=1),
        RandomForestClassifier(n_estimators=15, max_depth=5, random_state=1),
        RandomForestClassifier(n_estimators=5, random_state=1),
        ExtraTreesClassifier(n_estimators=5, random_state=1),
        DecisionTreeClassifier(random_state=1),
    ],
    ids=["histograms", "forest", "deep forest", "extra trees", "tree"],
)
def test_missing_number_goes_where_training_sent_it(fit, check, blanks, classifier, scaling):
    check(fit(classifier, blanks, numbers=scaling), blanks)
