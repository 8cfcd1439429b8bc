"""Fits a candidate on each fold and on the whole training part, several candidates side by side."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, cpu_count, delayed
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from model.evaluation.folds import FOLDS, Folds, Rows
from model.evaluation.metrics import Floats, Targets
from model.fitting.blend import Blend, Model
from model.fitting.leaves import round_leaves
from model.fitting.processes import run_side_by_side


@dataclass(frozen=True, eq=False)
class Part:
    """Some of a table's customers."""

    frame: pd.DataFrame
    target: Targets


@dataclass(frozen=True, eq=False)
class Run:
    """What a candidate's fits gave.

    Attributes:
        model: fitted on the training part.
        fit_time_s: of that fit, in one thread.
        test_probabilities: its, for the held-out customers.
        out_of_fold: probabilities by models that hadn't seen the customer, a row per repeat.
    """

    model: Model
    fit_time_s: float
    test_probabilities: Floats
    out_of_fold: Floats


def cross_validate(
    candidates: dict[str, Pipeline],
    train: Part,
    test: Part,
    folds: Folds,
    on_fit: Callable[[str], None],
) -> dict[str, Run]:
    """Return a run per candidate.

    Args:
        candidates: name -> unfitted pipeline.
        train: what is learned from.
        test: what is held out.
        folds: seen and unseen positions in `train`, FOLDS of them a repeat.
        on_fit: called with a candidate's name after each fit.
    """
    by_fold = [(name, fold) for name in candidates for fold in range(len(folds))]
    out_of_fold = {name: np.empty((len(folds) // FOLDS, len(train.target))) for name in candidates}
    runs = {}
    with run_side_by_side(len(train.target)) as run:
        tasks = ((candidates[name], train, *folds[fold]) for name, fold in by_fold)
        found = run(_predict_unseen, tasks)
        for (name, fold), probabilities in zip(by_fold, found, strict=True):
            out_of_fold[name][fold // FOLDS, folds[fold][1]] = probabilities
            on_fit(name)
        fits = run(fit_timed, ((pipeline, train) for pipeline in candidates.values()))
        for name, (fitted, fit_time_s) in zip(candidates, fits, strict=True):
            test_probabilities = predict(fitted, test.frame)
            runs[name] = Run(fitted, fit_time_s, test_probabilities, out_of_fold[name])
            on_fit(name)
    return runs


def fit_timed(pipeline: Pipeline, part: Part) -> tuple[Pipeline, float]:
    """Return a fitted copy, its boosting's leaves rounded, and the seconds it took."""
    start = time.perf_counter()
    fitted = clone(pipeline).fit(part.frame, part.target)
    round_leaves(fitted)
    return fitted, time.perf_counter() - start


def refit(model: Model, part: Part) -> Model:
    """Return a copy of a model that is fitted on other customers; a blend keeps its weights."""
    if not isinstance(model, Blend):
        return fit_timed(model, part)[0]
    # threads: no copies of many customers cross to other processes, and libraries compute outside
    # the interpreter's lock
    run = Parallel(n_jobs=cpu_count(), backend="threading")
    fits = run(delayed(_fit_alone)(member, part) for member in model.members)
    return Blend(tuple(fits), model.weights, model.scale, model.shift)


def predict(model: Model, frame: pd.DataFrame) -> Floats:
    """Return the probability of leaving, one per row."""
    return model.predict_proba(frame)[:, 1]


def _predict_unseen(pipeline: Pipeline, train: Part, seen: Rows, unseen: Rows) -> Floats:
    fitted = clone(pipeline).fit(train.frame.iloc[seen], train.target[seen])
    return predict(fitted, train.frame.iloc[unseen])


def _fit_alone(pipeline: Pipeline, part: Part) -> Pipeline:
    with threadpool_limits(limits=1):  # it counts for the thread that says so
        return fit_timed(pipeline, part)[0]
