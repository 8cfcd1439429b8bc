import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse

from model.fitting.candidates import build_candidates

FRAME = pd.DataFrame(
    {
        "tenure": [1.0, 3.0, np.nan, 5.0],
        "contract": np.array(["Monthly", "Yearly", "Monthly", np.nan], dtype=object),
    }
)


@pytest.fixture
def candidates():
    return build_candidates(["tenure"], ["contract"])


def test_the_reference_classifiers_and_a_regularised_boosting_compete(candidates):
    assert list(candidates) == [
        "GradientBoostingClassifier",
        "LogisticRegression",
        "SGDClassifier",
        "RandomForestClassifier",
        "HistGradientBoostingClassifier",
    ]


def test_names_are_the_classes_of_the_classifiers(candidates):
    classes = [type(pipeline[-1]).__name__ for pipeline in candidates.values()]

    assert classes == list(candidates)


def test_candidates_share_no_estimator(candidates):
    steps = [id(step) for pipeline in candidates.values() for _, step in pipeline.steps]

    assert len(set(steps)) == len(steps)


def test_blanks_become_the_median_and_the_most_frequent_category(candidates):
    matrix = candidates["LogisticRegression"][:-1].fit_transform(FRAME)

    scaled = (np.array([1, 3, 3, 5]) - 3) / np.sqrt(2)  # mean 3, variance (4 + 0 + 0 + 4) / 4
    assert matrix == pytest.approx(np.column_stack([scaled, [1, 0, 1, 1], [0, 1, 0, 0]]))


def test_unseen_category_becomes_zeros(candidates):
    preprocessing = candidates["LogisticRegression"][:-1].fit(FRAME)

    matrix = preprocessing.transform(FRAME.head(1).assign(contract="Two years"))

    assert matrix[0, 1:].tolist() == [0, 0]


def test_many_categories_still_make_a_dense_matrix(candidates):
    texts = np.array([f"plan {row}" for row in range(50)], dtype=object)
    frame = pd.DataFrame({"tenure": np.arange(50.0), "contract": texts})

    matrix = candidates["HistGradientBoostingClassifier"][:-1].fit_transform(frame)

    assert not issparse(matrix)


def test_everything_drawn_by_lot_has_a_seed(candidates):
    params = [pipeline[-1].get_params() for pipeline in candidates.values()]

    seeds = [param["random_state"] for param in params if "random_state" in param]

    # LogisticRegression's solver draws nothing
    assert seeds == [42, None, 42, 42, 42]


@pytest.mark.parametrize(
    ("numeric", "categorical"),
    [(["tenure"], []), ([], ["contract"])],
    ids=["numbers only", "categories only"],
)
def test_a_table_may_have_one_kind_of_column(numeric, categorical):
    frame = FRAME[[*numeric, *categorical]]
    target = [0, 1, 0, 1]

    fitted = build_candidates(numeric, categorical)["LogisticRegression"].fit(frame, target)

    assert fitted.predict_proba(frame).shape == (4, 2)
