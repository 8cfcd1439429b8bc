import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from model.inspection.pair_screening import MAX_TEXTS, encode_cells, screen_pairs

ROUNDING = 1e-12


def test_numbers_fall_into_quantiles_and_blanks_into_a_cell_of_their_own():
    values = pd.Series([np.nan, 10.0, 20.0, 30.0, 40.0, np.nan])

    assert encode_cells(values, 2).tolist() == [0, 1, 1, 2, 2, 0]


def test_few_different_numbers_have_a_cell_each():
    assert encode_cells(pd.Series([3.0, 1.0, 3.0, 2.0]), 3).tolist() == [3, 1, 3, 2]


def test_texts_have_a_cell_each_and_blanks_one_more():
    values = pd.Series(["b", np.nan, "a", "b"], dtype=object)

    assert encode_cells(values, 2).tolist() == [1, 0, 2, 1]


def test_rare_texts_share_a_cell():
    texts = [f"t{number}" for number in range(MAX_TEXTS)] * 2 + ["rare", "rarer"]

    codes = encode_cells(pd.Series(texts, dtype=object), 2)

    assert codes.max() == MAX_TEXTS + 1
    assert codes[-2] == codes[-1] == MAX_TEXTS + 1
    assert len(set(codes[:-2].tolist())) == MAX_TEXTS


def test_pair_without_information_ranks_like_a_coin():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(4_000, 2)), columns=["a", "b"])

    auc = screen_pairs(frame, rng.integers(0, 2, 4_000))["a", "b"]

    assert auc == pytest.approx(0.5, abs=0.05)  # two standard errors of 1,000 against 1,000


def test_exclusive_or_of_texts_ranks_perfectly_where_neither_says_anything():
    rng = np.random.default_rng(2)
    first, target = rng.integers(0, 2, 400), rng.integers(0, 2, 400)
    frame = pd.DataFrame(
        {
            "a": pd.Series(np.where(first == 1, "x", "y"), dtype=object),
            "b": pd.Series(np.where(first ^ target == 1, "x", "y"), dtype=object),
            "noise": rng.normal(size=400),
        }
    )

    aucs = screen_pairs(frame, target)

    assert aucs["a", "b"] == 1.0
    assert max(aucs["a", "noise"], aucs["b", "noise"]) < 0.75


def test_area_is_scikit_learns_where_one_column_decides():
    # Two values in both halves alike: the score is the share of leavers with that value.
    frame = pd.DataFrame({"a": [0.0] * 20 + [1.0] * 20, "b": [5.0] * 40})
    target = np.array(([0] * 16 + [1] * 4) + ([0] * 8 + [1] * 12))

    auc = screen_pairs(frame, target)["a", "b"]

    assert auc == pytest.approx(roc_auc_score(target, frame["a"]), abs=ROUNDING)
