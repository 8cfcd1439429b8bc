"""Customers for the small model of tests/unit/conftest.py, and the evidence on it."""

import numpy as np
import pytest

from model.reading.csv_table import parse_table
from model.report.evidence import gather_evidence
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

CUSTOMERS = 400
METRICS = {
    "auc": 0.8,
    "average_precision": 0.6,
    "brier": 0.15,
    "log_loss": 0.45,
    "top_decile_lift": 2.5,
}


@pytest.fixture(scope="session")
def table():
    """Four hundred customers; short and dear contracts end more often."""
    rng = np.random.default_rng(11)
    lines = ["customerID,tenure,charges,contract,paperless,Churn"]
    for row in range(CUSTOMERS):
        tenure, charges = rng.integers(0, 73), round(rng.uniform(18.25, 118.75), 2)
        contract = rng.choice(["Month-to-month", "Two year"])
        chance = 0.1 + 0.4 * (contract == "Month-to-month") + 0.3 * (tenure < 20)
        fields = [
            f"c{row}",
            "" if row % 40 == 0 else tenure,
            charges,
            contract,
            rng.choice(["No", "Yes"]),
            "Yes" if rng.random() < chance else "No",
        ]
        lines.append(",".join(map(str, fields)))
    return build_dataset(parse_table("customers.csv", "\n".join(lines).encode()), INFER_ALL)


@pytest.fixture
def rows():
    """The leaderboard's rows: the one that serves, and one that can't be exported."""
    timing = {"fit_time_s": 0.1, "artifact_bytes": 1234, "prediction_us": 2.5, "refusal": None}
    ranked = {"cv_auc": 0.81, "cv_auc_std": 0.01, "cv_auc_low": 0.79, "cv_auc_high": 0.83}
    best = {"name": "LogisticRegression", "type": "sklearn", **METRICS, **ranked, **timing}
    best |= {"behind_best": 0.0, "behind_best_margin": 0.0, "is_on_front": True}
    other = best | {"name": "GaussianNB", "cv_auc": 0.78, "behind_best": 0.03}
    refused = {"artifact_bytes": None, "prediction_us": None, "refusal": "GaussianNB: unknown"}
    return [best, other | {"behind_best_margin": 0.01} | refused]


@pytest.fixture
def described(document, table):
    """The small model's file, with all that training says of it; free to be changed."""
    document["training_meta"] |= {
        "final_choice": "LogisticRegression",
        "threshold_rule": "0.5",
        "data": {"name": table.name, "sha256": table.sha256, "rows": CUSTOMERS, "synthetic": False},
        "libraries": {"python": "3.14.0", "scikit-learn": "1.9.1"},
        "parity": {"rows": 500, "max_difference": 2e-16},
        "feature_means": {"numeric": [30.0, 65.0], "categorical": [[0.5, 0.5], [0.5, 0.5]]},
    }
    return document


@pytest.fixture
def evidence(described, pack, table, rows):
    return gather_evidence(pack(described), table, rows)
