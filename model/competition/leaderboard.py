"""Ranks the candidates: cross-validation on the training part ranks, the held-out part reports."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student_t
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import Pipeline

from model.errors import DataError
from model.evaluation.folds import (
    FOLDS,
    TEST_SHARE,
    Folds,
    Rows,
    count_repeats,
    draw_rows,
    split_dataset,
    split_folds,
)
from model.evaluation.metrics import Floats, Targets, measure
from model.fitting.blend import Blend, Model
from model.fitting.cross_validation import Part, Run, cross_validate
from model.table.dataset import Dataset

CONFIDENCE = 0.95
MAX_RANKED_ROWS = 20_000  # that candidates learn from; the one that serves may learn from more
MAX_TEST_ROWS = 100_000  # that figures are measured on: enough for three digits of an AUC
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
        cv_log_loss: of all probabilities by models that hadn't seen the customer.
        behind_best: mean of the best entry's AUC minus this one's, fold by fold; give or take
            `behind_best_margin`.
        metrics: on the held-out part (see `model.evaluation.metrics.measure`).
        fit_time_s: of `pipeline`, in one thread.
        artifact_bytes: what the model file weighs without its `training_meta`.
        prediction_us: what the function takes for a record; counted, so the same everywhere.
        refusal: why it can't be exported, where it can't.
        is_on_front: whether no other that can be exported is as good and smaller and faster.
    """

    name: str
    type: str
    pipeline: Model
    cv_auc: float
    cv_auc_std: float
    cv_auc_low: float
    cv_auc_high: float
    cv_log_loss: float
    metrics: dict[str, float]
    fit_time_s: float
    behind_best: float = 0.0
    behind_best_margin: float = 0.0
    artifact_bytes: int | None = None
    prediction_us: float | None = None
    refusal: str | None = None
    is_on_front: bool = False


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """All results.

    Attributes:
        entries: by cross-validated AUC, best first.
        train_rows: positions in the table of the training part.
        ranked_rows: those of them that the candidates learned from: all, or a sample of many.
        folds: seen and unseen positions among `ranked_rows`.
        test_rows: positions in the table that the figures are measured on, held out.
        test_probabilities: name -> probabilities, in the order of `test_rows`.
        out_of_fold: name -> probabilities by models that hadn't seen the customer: a row per
            repeat of the cross-validation, in the order of `ranked_rows`.
    """

    entries: tuple[Entry, ...]
    train_rows: Rows
    ranked_rows: Rows
    folds: Folds
    test_rows: Rows
    test_probabilities: dict[str, Floats]
    out_of_fold: dict[str, Floats]


def count_fits(dataset: Dataset, candidates: dict[str, Pipeline]) -> int:
    """Return how often `rank_candidates` will fit a model: the length of a progress bar."""
    rows = min(MAX_RANKED_ROWS, round(len(dataset.target) * (1 - TEST_SHARE)))
    return len(candidates) * (FOLDS * count_repeats(rows) + 1)


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
    require_customers(dataset)
    train_rows, test_rows = split_dataset(dataset)
    ranked_rows = draw_rows(dataset, train_rows, MAX_RANKED_ROWS)
    test_rows = draw_rows(dataset, test_rows, MAX_TEST_ROWS)
    _require_values(dataset, ranked_rows)
    target = dataset.target[ranked_rows]
    groups = None if dataset.groups is None else dataset.groups[ranked_rows]
    folds = split_folds(target, groups)
    parts = select(dataset, ranked_rows), select(dataset, test_rows)
    runs = cross_validate(candidates, *parts, folds, on_fit)
    empty = Leaderboard((), train_rows, ranked_rows, folds, test_rows, {}, {})
    return add_entries(empty, dataset, runs)


def select(dataset: Dataset, rows: Rows) -> Part:
    """Return the customers at some positions of a table."""
    return Part(dataset.frame.iloc[rows], dataset.target[rows])


def add_entries(leaderboard: Leaderboard, dataset: Dataset, runs: dict[str, Run]) -> Leaderboard:
    """Return a leaderboard with more entries, all of them ranked anew."""
    seen, held_out = dataset.target[leaderboard.ranked_rows], dataset.target[leaderboard.test_rows]
    out_of_fold = leaderboard.out_of_fold | {name: run.out_of_fold for name, run in runs.items()}
    aucs = {name: _fold_aucs(seen, rows, leaderboard.folds) for name, rows in out_of_fold.items()}
    best = max(aucs.values(), key=np.mean)
    added = [
        _to_entry(name, run, aucs[name], log_loss(np.tile(seen, len(rows)), rows.ravel()), held_out)
        for name, run in runs.items()
        for rows in (run.out_of_fold,)
    ]
    entries = [
        replace(
            entry,
            behind_best=float((best - aucs[entry.name]).mean()),
            behind_best_margin=margin_of_mean(best - aucs[entry.name]),
        )
        for entry in (*leaderboard.entries, *added)
    ]
    return replace(
        leaderboard,
        entries=tuple(sorted(entries, key=lambda entry: -entry.cv_auc)),
        out_of_fold=out_of_fold,
        test_probabilities=leaderboard.test_probabilities
        | {name: run.test_probabilities for name, run in runs.items()},
    )


def replace_entry(leaderboard: Leaderboard, old: Entry, new: Entry) -> Leaderboard:
    """Return a leaderboard with another entry in the place of one."""
    entries = tuple(new if entry is old else entry for entry in leaderboard.entries)
    return replace(leaderboard, entries=entries)


def margin_of_mean(values: Floats) -> float:
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


def require_customers(dataset: Dataset) -> None:
    """Refuse a table with too few customers of one kind to train and test.

    Raises:
        DataError: says how many there are.
    """
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


def _fold_aucs(target: Targets, out_of_fold: Floats, folds: Folds) -> Floats:
    return np.array(
        [
            roc_auc_score(target[unseen], out_of_fold[index // FOLDS, unseen])
            for index, (_, unseen) in enumerate(folds)
        ]
    )


def _to_entry(name: str, run: Run, aucs: Floats, loss: float, held_out: Targets) -> Entry:
    margin = margin_of_mean(aucs)
    return Entry(
        name=name,
        type=_name_library(run.model),
        pipeline=run.model,
        cv_auc=float(aucs.mean()),
        cv_auc_std=float(aucs.std(ddof=1)),
        cv_auc_low=float(aucs.mean()) - margin,
        cv_auc_high=min(1.0, float(aucs.mean()) + margin),
        cv_log_loss=float(loss),
        metrics=measure(held_out, run.test_probabilities),
        fit_time_s=run.fit_time_s,
    )


def _name_library(model: Model) -> str:
    if isinstance(model, Blend):
        return "blend"
    return type(model[-1]).__module__.partition(".")[0]
