from dataclasses import replace

import numpy as np
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from inference.scoring.artifact import load_artifact
from model.evaluation.folds import split_rows
from model.fitting.candidates import build_candidates
from model.training.choices import Choices
from model.training.train import train


def test_figures_of_a_random_split_stand_beside_those_of_the_latest(customers):
    timed = replace(customers, time_order=np.arange(80), time_column="month")
    linear = build_candidates(customers.numeric, customers.categorical)["LogisticRegression"]

    training = train(timed, {"linear": linear}, Choices())

    seen, unseen = split_rows(customers.target)
    fitted = clone(linear).fit(customers.frame.iloc[seen], customers.target[seen])
    probabilities = fitted.predict_proba(customers.frame.iloc[unseen])[:, 1]
    drawn = roc_auc_score(customers.target[unseen], probabilities)
    later = training.served.metrics["auc"]
    assert load_artifact(training.body).meta["random_split"]["auc"] == drawn
    assert training.notes == (
        f"linear: AUC {later:.4f} on the latest customers, {drawn:.4f} on a random split "
        f"({later - drawn:+.4f}); production is like the first",
    )
