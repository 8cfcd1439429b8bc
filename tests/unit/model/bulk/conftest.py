"""A model small enough to score by hand, in a file, and tables for it."""

import json
from hashlib import sha256

import pytest

# log-odds = (tenure - 30) / -20, and 1 more for a contract by the month
DOCUMENT = {
    "format_version": 2,
    "artifact": {
        "numeric_features": ["tenure"],
        "numeric_imputer_medians": [29.0],
        "numeric_means": [30.0],
        "numeric_scales": [20.0],
        "categorical_features": ["contract"],
        "categories": [["month", "year"]],
        "coef": [[-1.0, 1.0, 0.0]],
        "intercept": [0.0],
    },
    "schema": {
        "target": "churn",
        "labels": ["0", "1"],
        "threshold": 0.5,
        "id": "id",
        "features": [
            {"name": "tenure", "kind": "number", "blank": 29.0, "min": 0.0, "max": 99.0},
            {
                "name": "contract",
                "kind": "category",
                "blank": None,
                "categories": ["month", "year"],
            },
        ],
    },
    "training_meta": {"version": "20261124T000000Z-000000000000"},
}
TABLE = "id,tenure,contract\nA,30,year\nB,10,month\nC,x,year\nD,,month\n"


@pytest.fixture
def model_file():
    rest = json.dumps(DOCUMENT, separators=(",", ":"))[1:].encode()
    return b'{"digest":"sha256:%s",' % sha256(rest).hexdigest().encode() + rest


@pytest.fixture
def table():
    return TABLE
