"""The competitors on a whole table: exact on every row, and small enough to serve."""

import gzip

import pytest

from model.export.model_file import build_artifact, serialize
from model.export.parity import TOLERANCE, check_parity
from model.fitting.candidates import build_candidates

LIMITS_BYTES = {  # training adds up to 5 kB: leaderboard, metrics, libraries, reference
    "GradientBoostingClassifier": 36_000,
    "HistGradientBoostingClassifier": 36_000,
    "LogisticRegression": 6_000,
    "SGDClassifier": 6_000,
    "RandomForestClassifier": 2_000_000,
}


@pytest.mark.parametrize("name", LIMITS_BYTES)
def test_competitor_is_exact_on_every_row_and_small(customers, train_rows, name):
    pipeline = build_candidates(customers.numeric, customers.categorical)[name]
    pipeline.fit(customers.frame.iloc[train_rows], customers.target[train_rows])

    body = serialize(build_artifact(pipeline, customers, train_rows), {})
    result = check_parity(body, pipeline, customers)

    print(f"{len(body):,} bytes, {len(gzip.compress(body)):,} gzipped, {result}")
    assert len(body) <= LIMITS_BYTES[name]
    assert result["rows"] > len(customers.target) == 7043
    assert result["max_difference"] <= TOLERANCE
