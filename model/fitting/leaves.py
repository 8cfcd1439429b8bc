"""A boosting's leaf values, rounded: the same model to the eye, in a smaller file.

Seventeen digits of a leaf's value say nothing about customers. What is rounded is the library's own
model, so that its own probabilities are still what the function is held to.
"""

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

DECIMALS = 5  # of log-odds; several hundred leaves together move by 1e-4 or less


def round_leaves(pipeline: Pipeline) -> None:
    """Round the leaf values of a fitted pipeline's boosting; leave any other classifier alone."""
    name, classifier = pipeline.steps[-1]
    library = type(classifier).__module__.partition(".")[0]
    if type(classifier) is HistGradientBoostingClassifier:
        for (predictor,) in classifier._predictors:
            predictor.nodes["value"] = predictor.nodes["value"].round(DECIMALS)
    elif library == "catboost":
        classifier.set_leaf_values(np.round(classifier.get_leaf_values(), DECIMALS))
        pipeline.steps[-1] = (name, classifier.copy())  # this one goes on with the old values
    elif library == "lightgbm":
        _round_lightgbm(classifier.booster_)


def _round_lightgbm(booster: Any) -> None:
    for tree, leaves in enumerate(_count_leaves(booster)):
        for leaf in range(leaves):
            value = booster.get_leaf_output(tree, leaf)
            booster.set_leaf_output(tree, leaf, round(value, DECIMALS))


def _count_leaves(booster: Any) -> list[int]:
    return [tree["num_leaves"] for tree in booster.dump_model()["tree_info"]]
