import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.datasets import load_breast_cancer, make_classification

from model.inspection.certain_groups import find_certain

ROWS = 1_200


def draw(rng, log_odds):
    return (rng.random(len(log_odds)) < expit(log_odds)).astype(np.int64)


@pytest.mark.parametrize("seed", range(2))
def test_churn_that_is_easy_to_tell_is_no_leak(seed):
    rng = np.random.default_rng(seed)
    flags = (rng.random(size=(ROWS, 5)) < 0.5).astype(float)
    log_odds = flags @ [6, 4, 3, 2, 1] - 10

    assert find_certain(pd.DataFrame(flags), draw(rng, log_odds)) == {}


@pytest.mark.parametrize("seed", range(4))
def test_customers_in_clusters_far_apart_are_no_leak(seed):
    matrix, target = make_classification(
        ROWS, 10, n_informative=3, n_redundant=0, class_sep=3, weights=[0.8], random_state=seed
    )

    assert find_certain(pd.DataFrame(matrix), target) == {}


def test_tumours_that_many_columns_tell_apart_are_no_leak():
    matrix, target = load_breast_cancer(return_X_y=True, as_frame=True)

    assert find_certain(matrix, target.to_numpy()) == {}


def test_flag_of_a_common_outcome_is_found_with_its_wrong_rows():
    rng = np.random.default_rng(9)
    numbers = pd.DataFrame(rng.normal(size=(ROWS, 3)), columns=["a", "b", "c"])
    target = draw(rng, numbers["a"] + 1.5)
    numbers["flag"] = np.where(rng.random(ROWS) < 0.04, 1 - target, target)

    ((columns, auc),) = find_certain(numbers, target).items()

    assert columns == ("flag",)
    assert 0.9 < auc < 0.98


def test_table_without_columns_has_none():
    assert find_certain(pd.DataFrame(index=range(10)), np.zeros(10, dtype=np.int64)) == {}
