"""Quality from scores alone, held to what came true of customers that the model never saw."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import precision_score, recall_score, roc_auc_score
from sklearn.model_selection import cross_val_predict

from inference.monitoring.estimates import FIGURES, estimate_quality
from model.fitting.candidates import build_candidates
from model.monitoring.reference import build_reference

THRESHOLD = 0.5


@pytest.fixture(scope="module")
def judged(customers, train_rows):
    """The reference's scores, and scores and outcomes of the customers held out."""
    pipeline = build_candidates(customers.numeric, customers.categorical)["LogisticRegression"]
    frame, target = customers.frame.iloc[train_rows], customers.target[train_rows]
    unseen = cross_val_predict(clone(pipeline), frame, target, cv=5, method="predict_proba")[:, 1]
    reference = build_reference([], frame, unseen, target, THRESHOLD)
    held_out = np.setdiff1d(np.arange(len(customers.target)), train_rows)
    scores = pipeline.fit(frame, target).predict_proba(customers.frame.iloc[held_out])[:, 1]
    return reference["scores"], scores, customers.target[held_out]


def count(reference, scores):
    places = np.searchsorted(reference["edges"], scores, side="right")
    return np.bincount(places, minlength=len(reference["counts"])).tolist()


def measure(scores, left):
    labels = scores >= THRESHOLD
    return {
        "churn_rate": left.mean(),
        "precision": precision_score(left, labels),
        "recall": recall_score(left, labels),
        "auc": roc_auc_score(left, scores),
    }


@pytest.mark.parametrize("more", ["as they are", "more likely leavers", "fewer likely leavers"])
def test_truth_of_held_out_customers_is_within_the_intervals(judged, more):
    reference, scores, left = judged
    weights = {"as they are": 1, "more likely leavers": scores, "fewer likely leavers": 1 - scores}
    shares = np.broadcast_to(weights[more], scores.shape)
    inside = []
    for seed in range(20):
        rows = np.random.default_rng(seed).choice(
            len(scores), len(scores) // 2, replace=False, p=shares / shares.sum()
        )
        told = estimate_quality(reference, count(reference, scores[rows]), THRESHOLD)
        truth = measure(scores[rows], left[rows])
        inside += [told[name]["low"] <= truth[name] <= told[name]["high"] for name in FIGURES]

    # The halves overlap, so one draw of held-out customers decides for all: 95 % isn't promised.
    assert np.mean(inside) >= 0.8
