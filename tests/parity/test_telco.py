"""The competitors on the whole of IBM's table: exact on every row, and small enough to serve."""

import gzip

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from model.export.model_file import build_artifact, serialize
from model.export.parity import TOLERANCE, check_parity
from model.training.candidates import build_candidates

LIMITS_BYTES = {  # training adds up to 4 kB: leaderboard, metrics, libraries
    "GradientBoostingClassifier": 36_000,
    "HistGradientBoostingClassifier": 36_000,
    "LogisticRegression": 6_000,
    "SGDClassifier": 6_000,
    "RandomForestClassifier": 2_000_000,
}


@pytest.fixture(scope="module")
def train_rows(telco):
    rows = np.arange(len(telco.target))
    return train_test_split(rows, test_size=0.2, random_state=42, stratify=telco.target)[0]


@pytest.mark.parametrize("name", LIMITS_BYTES)
def test_competitor_is_exact_on_every_row_and_small(telco, train_rows, name):
    pipeline = build_candidates(telco.numeric, telco.categorical)[name]
    pipeline.fit(telco.frame.iloc[train_rows], telco.target[train_rows])

    body = serialize(build_artifact(pipeline, telco, train_rows), {})
    result = check_parity(body, pipeline, telco)

    print(f"{len(body):,} bytes, {len(gzip.compress(body)):,} gzipped, {result}")
    assert len(body) <= LIMITS_BYTES[name]
    assert result["rows"] > len(telco.target) == 7043
    assert result["max_difference"] <= TOLERANCE
