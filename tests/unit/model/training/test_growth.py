import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from model.competition import leaderboard as leaderboard_module
from model.competition.leaderboard import rank_candidates
from model.fitting.candidates import build_candidates
from model.samples.synthetic_csv import SEED
from model.table.dataset import Dataset
from model.training import growth as growth_module
from model.training.choices import Choices
from model.training.growth import grow
from model.training.train import train

ROWS = 6_000


@pytest.fixture(scope="module")
def many():
    """Customers of whom one category of very many tells the most: more rows, better model."""
    generator = np.random.default_rng(SEED)
    plan = generator.integers(0, 60, ROWS)
    tenure = generator.normal(size=ROWS)
    odds = np.sin(plan * 2.0) * 2 + 0.3 * tenure
    return Dataset(
        name="many.csv",
        is_synthetic=True,
        sha256="0" * 64,
        frame=pd.DataFrame({"tenure": tenure, "plan": np.array([f"p{p}" for p in plan], object)}),
        target=(generator.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(np.int64),
        ids=None,
        numeric=("tenure",),
        categorical=("plan",),
        target_name="left",
        labels=("no", "yes"),
        id_column=None,
    )


@pytest.fixture
def ranked(many, monkeypatch):
    monkeypatch.setattr(leaderboard_module, "MAX_RANKED_ROWS", 200)
    monkeypatch.setattr(growth_module, "JUDGED_ROWS", 1_000)
    linear = build_candidates(many.numeric, many.categorical)["LogisticRegression"]
    return rank_candidates(many, {"linear": linear})


def test_more_rows_are_learned_from_while_they_help(many, ranked):
    grown = grow(ranked.entries[0], ranked, many)

    assert [point.rows for point in grown.curve] == [200, 800, 3200, 3800][: len(grown.curve)]
    assert grown.curve[1].gain > grown.curve[1].margin
    assert len(grown.rows) == grown.curve[-1].rows
    assert set(ranked.ranked_rows) <= set(grown.rows) <= set(ranked.train_rows)
    assert not set(grown.rows) & set(ranked.test_rows)


def test_figures_describe_the_model_that_has_grown(many, ranked):
    grown = grow(ranked.entries[0], ranked, many)

    frame, target = many.frame, many.target
    expected = clone(ranked.entries[0].pipeline).fit(frame.iloc[grown.rows], target[grown.rows])
    probabilities = expected.predict_proba(frame.iloc[ranked.test_rows])[:, 1]
    assert grown.entry.metrics["auc"] == pytest.approx(
        roc_auc_score(target[ranked.test_rows], probabilities)
    )
    assert grown.entry.metrics["auc"] > ranked.entries[0].metrics["auc"]


def test_what_was_learned_is_said_with_the_last_gain(many, ranked):
    grown = grow(ranked.entries[0], ranked, many)

    last = grown.curve[-1]
    assert grown.describe(4_800) == (
        f"linear learned from {last.rows:,} of 4,800 customers; "
        f"the last 4 times as many changed its AUC by {last.gain:+.4f} ±{last.margin:.4f}"
    )


def test_a_table_that_was_ranked_whole_needs_no_growth(customers):
    linear = build_candidates(customers.numeric, customers.categorical)["LogisticRegression"]
    ranked = rank_candidates(customers, {"linear": linear})

    grown = grow(ranked.entries[0], ranked, customers)

    assert grown.entry is ranked.entries[0]
    assert (grown.curve, grown.describe(len(ranked.train_rows))) == ((), None)
    assert grown.rows.tolist() == ranked.train_rows.tolist()


def test_a_model_that_would_take_hours_stays_as_it_is_and_says_so(many, monkeypatch):
    monkeypatch.setattr(leaderboard_module, "MAX_RANKED_ROWS", 200)
    forest = build_candidates(many.numeric, many.categorical)["RandomForestClassifier"]
    ranked = rank_candidates(many, {"forest": forest})

    grown = grow(ranked.entries[0], ranked, many)

    assert grown.entry is ranked.entries[0]
    assert grown.describe(4_800) == (
        "forest learned from 200 of 4,800 customers: from many more it would take hours"
    )


def test_a_model_that_grew_beyond_the_limits_serves_as_it_was(many, monkeypatch):
    monkeypatch.setattr(leaderboard_module, "MAX_RANKED_ROWS", 200)
    monkeypatch.setattr(growth_module, "JUDGED_ROWS", 1_000)
    steps = build_candidates(many.numeric, many.categorical)["LogisticRegression"].steps
    leafy = HistGradientBoostingClassifier(max_iter=5, early_stopping=False, random_state=1)
    candidates = {"leafy": Pipeline([steps[0], ("model", leafy)])}

    free = train(many, candidates, Choices())
    size_kb = free.served.artifact_bytes / 1000
    bound = train(many, candidates, Choices(max_kb=size_kb - 0.1))

    assert free.served.artifact_bytes > bound.served.artifact_bytes
    assert bound.served is bound.winner
    assert "learning_curve" not in json.loads(bound.body)["training_meta"]
