"""Tables of unusual shape: one feature, none of a kind, many categories, constant columns."""

import numpy as np
import pytest
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression

from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

ROWS = 300


@pytest.fixture(params=["linear", "boosting", "histograms", "forest"])
def classifier(request, rng):
    seed = int(rng.integers(2**31))
    return {
        "linear": LogisticRegression(solver="liblinear"),
        "boosting": GradientBoostingClassifier(n_estimators=15, random_state=seed),
        "histograms": HistGradientBoostingClassifier(max_iter=15, random_state=seed),
        "forest": RandomForestClassifier(n_estimators=5, random_state=seed),
    }[request.param]


@pytest.fixture
def table(request, rng):
    """A table of the named columns, with a target that depends on the first of them."""
    columns = {name: _draw_column(rng, name) for name in request.param}
    first = np.unique(next(iter(columns.values())), return_inverse=True)[1]
    churn = first / first.max() + rng.random(ROWS) > 1
    lines = [",".join([*columns, "Churn"])]
    lines += [
        ",".join(map(str, row)) for row in zip(*columns.values(), churn.astype(int), strict=True)
    ]
    return build_dataset(parse_table("odd.csv", "\n".join(lines).encode()), INFER_ALL)


def _draw_column(rng, name):
    if name == "hundred":
        return np.array([f"kind {kind}" for kind in rng.integers(0, 100, ROWS)])
    if name == "text":
        return rng.choice(["ja", "nein", "weiß nicht"], ROWS)
    return {
        "number": rng.normal(0, 1, ROWS),
        "money": rng.integers(-(10**8), 10**8, ROWS) / 100,
        "huge": rng.normal(0, 1, ROWS) * 1e30,
        "tiny": rng.normal(0, 1, ROWS) * 1e-30,
        "flag": rng.integers(0, 2, ROWS),
    }[name]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(["number"], id="one number"),
        pytest.param(["flag"], id="one 0/1 number"),
        pytest.param(["text"], id="one category"),
        pytest.param(["number", "money", "flag"], id="numbers only"),
        pytest.param(["hundred", "text"], id="categories only"),
        pytest.param(["number", "huge", "tiny", "hundred"], id="of all sizes"),
    ],
    indirect=True,
)
def test_table_of_any_shape_is_scored_as_scikit_learn_does(table, fit, check, classifier):
    check(fit(classifier, table), table)
