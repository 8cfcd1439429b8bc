"""One trial of a search: settings, cross-validated on the training part, and how many trees."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.metrics import log_loss, roc_auc_score

from model.evaluation.folds import Folds, Rows
from model.evaluation.metrics import Floats, Targets
from model.fitting.preprocessing import build_preprocessing
from model.fitting.processes import Run
from model.search.families import Family, Settings
from model.search.stages import STEP, fit_stages

Columns = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # numeric, categorical, grouped


@dataclass(frozen=True, eq=False)
class Trial:
    """What came out of some settings.

    Attributes:
        trees: the number with the lowest log loss over all folds together.
        loss: that log loss, of rows that their models hadn't seen.
        auc: mean over the folds, with so many trees.
    """

    family: Family
    settings: Settings
    trees: int
    loss: float
    auc: float


@dataclass(frozen=True, eq=False)
class Learning:
    """What every trial learns from: the training part, its folds, and who does the work."""

    frame: pd.DataFrame
    target: Targets
    folds: Folds
    columns: Columns
    run: Run


def try_settings(
    learning: Learning, family: Family, settings: Settings, on_fit: Callable[[], None]
) -> Trial:
    """Return how settings do in a cross-validation, with the best number of trees for them."""
    frame, target = learning.frame, learning.target
    tasks = ((family, settings, learning.columns, frame, target, *fold) for fold in learning.folds)
    by_fold = []
    for stages in learning.run(_fit_fold, tasks):
        by_fold.append(stages)
        on_fit()
    count = min(len(stages) for stages in by_fold)  # the folds may have ended early
    losses = [_measure_loss(by_fold, learning, stage) for stage in range(count)]
    best = int(np.argmin(losses))
    aucs = [
        roc_auc_score(target[unseen], stages[best])
        for stages, (_, unseen) in zip(by_fold, learning.folds, strict=True)
    ]
    return Trial(family, settings, (best + 1) * STEP, losses[best], float(np.mean(aucs)))


def _fit_fold(  # noqa: PLR0913, PLR0917 - crosses to another process in one piece
    family: Family,
    settings: Settings,
    columns: Columns,
    frame: pd.DataFrame,
    target: Targets,
    seen: Rows,
    unseen: Rows,
) -> Floats:
    preprocessing = build_preprocessing(*columns, keeps_blanks=True)
    learned = preprocessing.fit_transform(frame.iloc[seen]), target[seen]
    judged = preprocessing.transform(frame.iloc[unseen]), target[unseen]
    return fit_stages(family.build(settings, family.max_trees), learned, judged)


def _measure_loss(by_fold: list[Floats], learning: Learning, stage: int) -> float:
    rows = np.concatenate([unseen for _, unseen in learning.folds])
    log_odds = np.concatenate([stages[stage] for stages in by_fold])
    return float(log_loss(learning.target[rows], expit(log_odds)))
