"""What training counts for a prediction is held to the clock, kind by kind.

Not among the unit tests: their coverage is measured, which slows kinds down unevenly.
"""

from statistics import median

import numpy as np
import pytest
from catboost import CatBoostClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.bench_speed import fit_costs, fit_models, measure
from model.competition.speed import COSTS_US
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

ROWS = 600
SLACK = 1.5  # one kind against all of them: other programs, another machine's caches
CLASSIFIERS = {
    "linear": LogisticRegression(),
    "60 trees of 8 leaves": HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8),
    "60 trees of 24 leaves": HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=24),
    "120 symmetric trees of depth 4": CatBoostClassifier(
        n_estimators=120, depth=4, thread_count=1, verbose=False, allow_writing_files=False
    ),
}


@pytest.fixture(scope="module")
def rows():
    draw = np.random.default_rng(4)
    lines = ["id,tenure,charges,plan,payment,Churn"]
    for row in range(ROWS):
        tenure, charges = draw.integers(0, 72), round(draw.uniform(18, 119), 2)
        plan, payment = draw.choice(["a", "b", "c"]), draw.choice(["card", "cheque"])
        has_left = draw.logistic() < 0.5 - tenure / 20 + charges / 60 + (plan == "a")
        lines.append(f"c{row},{tenure},{charges},{plan},{payment},{'Yes' if has_left else 'No'}")
    dataset = build_dataset(parse_table("customers.csv", "\n".join(lines).encode()), INFER_ALL)
    return measure([*fit_models(dataset, CLASSIFIERS)])


def test_no_kind_is_counted_far_from_the_others(rows):
    ratios = {row["model"]: row["counted"] / row["measured"] for row in rows}

    middle = median(ratios.values())
    far = {name: r / middle for name, r in ratios.items() if not 1 / SLACK < r / middle < SLACK}
    assert far == {}


def test_costs_that_made_the_times_are_found_again():
    draw = np.random.default_rng(5)
    costs = {name: place / 10 for place, name in enumerate(COSTS_US)}
    works = [dict(zip(COSTS_US, draw.uniform(1, 9, len(costs)), strict=True)) for _ in range(30)]
    rows = [{"work": w, "measured": sum(costs[name] * w[name] for name in w)} for w in works]

    assert fit_costs(rows) == pytest.approx(costs, abs=1e-4)
