"""A boosting's log-odds after every so many trees, so that one fit tries all numbers of trees."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np

from model.evaluation.metrics import Floats, Targets

STEP = 10  # trees between two stages
PATIENCE = 60  # trees without an improvement on the unseen rows, after which a fit may end


def fit_stages(
    classifier: Any, seen: tuple[Floats, Targets], unseen: tuple[Floats, Targets]
) -> Floats:
    """Fit a classifier and return its log-odds for unseen rows, a row per STEP trees.

    Where the library can, it ends early once the unseen rows' log loss has got no better.

    Args:
        classifier: unfitted.
        seen: matrix and target to learn from.
        unseen: matrix and target to stop by.
    """
    library = type(classifier).__module__.partition(".")[0]
    matrix, _ = unseen
    stages: Iterable[Floats]
    if library == "catboost":
        classifier.fit(*seen, eval_set=unseen, early_stopping_rounds=PATIENCE, use_best_model=False)
        staged = classifier.staged_predict(
            matrix, prediction_type="RawFormulaVal", eval_period=STEP, thread_count=1
        )
        stages = islice(staged, classifier.tree_count_ // STEP)
    elif library == "lightgbm":
        stages = _fit_lightgbm(classifier, seen, unseen)
    else:
        staged = classifier.fit(*seen).staged_decision_function(matrix)
        stages = (raw.ravel() for tree, raw in enumerate(staged, start=1) if tree % STEP == 0)
    return np.array(list(stages), dtype=np.float64)


def _fit_lightgbm(
    classifier: Any, seen: tuple[Floats, Targets], unseen: tuple[Floats, Targets]
) -> Any:
    from lightgbm import early_stopping

    # it ends by itself, even before STEP trees, where no leaf can be split any more
    stop = early_stopping(PATIENCE, verbose=False)
    classifier.fit(*seen, eval_X=unseen[0], eval_y=unseen[1], callbacks=[stop])
    booster = classifier.booster_
    return (
        booster.predict(unseen[0], raw_score=True, num_iteration=trees, num_threads=1)
        for trees in range(STEP, max(STEP, booster.current_iteration()) + 1, STEP)
    )
