"""Fits, cross-validates and ranks the candidates: the training part chooses, the rest reports."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import t as student_t
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from model.errors import DataError
from model.table.dataset import Dataset
from model.training.folds import (
    FOLDS,
    TEST_SHARE,
    Folds,
    Rows,
    count_repeats,
    split_dataset,
    split_folds,
)
from model.training.metrics import Floats, Targets, measure

CONFIDENCE = 0.95
LIBRARY = "sklearn"
_MIN_CUSTOMERS = 10  # of each kind: some for every fold and for the held-out part


@dataclass(frozen=True, eq=False)
class Entry:
    """One candidate's result.

    Attributes:
        name: the candidate's.
        type: the library it comes from; the first version's leaderboard tells them apart.
        pipeline: fitted on the training part; `metrics` describe exactly this one.
        cv_auc: mean over the folds; `cv_auc_std` is their standard deviation.
        cv_auc_low: lower end of the mean's interval; `cv_auc_high` is the upper one.
        behind_best: mean of the best entry's AUC minus this one's, fold by fold; give or take
            `behind_best_margin`.
        metrics: on the held-out part (see `model.training.metrics.measure`).
        fit_time_s: of `pipeline`, in one thread.
        artifact_bytes: what the model file weighs without its `training_meta`.
        prediction_us: what the function takes per record, in batches, on this machine.
        refusal: why it can't be exported, where it can't.
    """

    name: str
    type: str
    pipeline: Pipeline
    cv_auc: float
    cv_auc_std: float
    cv_auc_low: float
    cv_auc_high: float
    behind_best: float
    behind_best_margin: float
    metrics: dict[str, float]
    fit_time_s: float
    artifact_bytes: int | None = None
    prediction_us: float | None = None
    refusal: str | None = None


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """All results.

    Attributes:
        entries: by cross-validated AUC, best first.
        train_rows: positions in the table; `test_rows` are the held-out others.
        test_probabilities: name -> probabilities, in the order of `test_rows`.
        out_of_fold: name -> probabilities by models that hadn't seen the customer: a row per
            repeat of the cross-validation, in the order of `train_rows`.
    """

    entries: tuple[Entry, ...]
    train_rows: Rows
    test_rows: Rows
    test_probabilities: dict[str, Floats]
    out_of_fold: dict[str, Floats]


def count_fits(dataset: Dataset, candidates: dict[str, Pipeline]) -> int:
    """Return how often `rank_candidates` will fit a model: the length of a progress bar."""
    return len(candidates) * (
        FOLDS * count_repeats(round(len(dataset.target) * (1 - TEST_SHARE))) + 1
    )


def rank_candidates(
    dataset: Dataset,
    candidates: dict[str, Pipeline],
    on_fit: Callable[[str], None] = lambda _: None,
) -> Leaderboard:
    """Return every candidate's result, best first.

    Args:
        dataset: the customers.
        candidates: name -> unfitted pipeline.
        on_fit: called with a candidate's name after each of its fits.

    Raises:
        DataError: too few customers of one kind, or a column that is blank in the training part.
    """
    _require_customers(dataset)
    train_rows, test_rows = split_dataset(dataset)
    _require_values(dataset, train_rows)
    train, test = _select(dataset, train_rows), _select(dataset, test_rows)
    groups = None if dataset.groups is None else dataset.groups[train_rows]
    folds = split_folds(train.target, groups)
    # One thread: sums depend on the number of threads, and OpenMP's stall on a busy machine.
    with threadpool_limits(limits=1):
        runs = {
            name: _run(pipeline, train, test, folds, partial(on_fit, name))
            for name, pipeline in candidates.items()
        }
    aucs = {name: _fold_aucs(train.target, run.out_of_fold, folds) for name, run in runs.items()}
    best = max(aucs.values(), key=np.mean)
    entries = [_to_entry(name, run, test.target, aucs[name], best) for name, run in runs.items()]
    return Leaderboard(
        entries=tuple(sorted(entries, key=lambda entry: -entry.cv_auc)),
        train_rows=train_rows,
        test_rows=test_rows,
        test_probabilities={name: run.test_probabilities for name, run in runs.items()},
        out_of_fold={name: run.out_of_fold for name, run in runs.items()},
    )


@dataclass(frozen=True, eq=False)
class _Part:
    frame: pd.DataFrame
    target: Targets


@dataclass(frozen=True, eq=False)
class _Run:
    pipeline: Pipeline
    fit_time_s: float
    test_probabilities: Floats
    out_of_fold: Floats


def _require_customers(dataset: Dataset) -> None:
    for value, label in enumerate(dataset.labels):
        rows = np.flatnonzero(dataset.target == value)
        count = len(rows if dataset.groups is None else np.unique(dataset.groups[rows]))
        if count < _MIN_CUSTOMERS:
            raise DataError(
                f'{dataset.name}: target "{dataset.target_name}": {count} customers with "{label}";'
                f" at least {_MIN_CUSTOMERS} of each kind are needed to train and test"
            )


def _require_values(dataset: Dataset, train_rows: Rows) -> None:
    blank = dataset.frame.iloc[train_rows].isna().all()
    for name in dataset.frame.columns[blank]:
        raise DataError(
            f'{dataset.name}: column "{name}": blank in all {len(train_rows):,} rows that are there'
            f' to learn from; say --drop "{name}"'
        )


def _select(dataset: Dataset, rows: Rows) -> _Part:
    return _Part(dataset.frame.iloc[rows], dataset.target[rows])


def _run(
    pipeline: Pipeline, train: _Part, test: _Part, folds: Folds, on_fit: Callable[[], None]
) -> _Run:
    out_of_fold = np.empty((len(folds) // FOLDS, len(train.target)))
    for index, (seen, unseen) in enumerate(folds):
        fitted = clone(pipeline).fit(train.frame.iloc[seen], train.target[seen])
        out_of_fold[index // FOLDS, unseen] = _predict(fitted, train.frame.iloc[unseen])
        on_fit()
    start = time.perf_counter()
    fitted = clone(pipeline).fit(train.frame, train.target)
    fit_time_s = time.perf_counter() - start
    on_fit()
    return _Run(fitted, fit_time_s, _predict(fitted, test.frame), out_of_fold)


def _predict(fitted: Pipeline, frame: pd.DataFrame) -> Floats:
    return fitted.predict_proba(frame)[:, 1]


def _fold_aucs(target: Targets, out_of_fold: Floats, folds: Folds) -> Floats:
    return np.array(
        [
            roc_auc_score(target[unseen], out_of_fold[index // FOLDS, unseen])
            for index, (_, unseen) in enumerate(folds)
        ]
    )


def _to_entry(name: str, run: _Run, target: Targets, aucs: Floats, best_aucs: Floats) -> Entry:
    margin = _margin_of_mean(aucs)
    return Entry(
        name=name,
        type=LIBRARY,
        pipeline=run.pipeline,
        cv_auc=float(aucs.mean()),
        cv_auc_std=float(aucs.std(ddof=1)),
        cv_auc_low=float(aucs.mean()) - margin,
        cv_auc_high=min(1.0, float(aucs.mean()) + margin),
        behind_best=float((best_aucs - aucs).mean()),
        behind_best_margin=_margin_of_mean(best_aucs - aucs),
        metrics=measure(target, run.test_probabilities),
        fit_time_s=run.fit_time_s,
    )


def _margin_of_mean(values: Floats) -> float:
    """Return half the width of the interval of the mean over the folds of a cross-validation.

    Folds share most of their training rows, so their figures vary less than independent ones;
    the variance is corrected for that.

    Source:
        Nadeau and Bengio, Inference for the Generalization Error, Machine Learning 52 (2003);
        the corrected resampled t-test.
    """
    count = len(values)
    variance = float(values.var(ddof=1)) * (1 / count + 1 / (FOLDS - 1))
    return float(student_t.ppf((1 + CONFIDENCE) / 2, count - 1)) * math.sqrt(variance)
