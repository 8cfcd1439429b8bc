"""Which settings to try, for how long, and which of them compete in the end.

Optuna draws the settings: after each family's own ones it looks where log loss was low, the family
being one more setting. Everything is learned and judged on the training part.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import optuna
from sklearn.pipeline import Pipeline

from model.evaluation.folds import FOLDS, SEED, Rows, draw_rows, split_dataset, split_folds
from model.fitting.preprocessing import build_preprocessing
from model.fitting.processes import run_side_by_side
from model.search.families import Family, Settings, list_families
from model.search.trials import Columns, Learning, Trial, try_settings
from model.table.dataset import Dataset

DEFAULT_BUDGET_S = 40.0
MAX_ROWS = 20_000  # searched on: what suits these suits more of them, too
LEAST_TRIALS = 2  # per family, whatever the clock says: what is known to suit many tables
MAX_TRIALS = 60  # however large the budget; the sampler has settled on a family long before
PLANNED_SHARE = 0.6  # of a budget, on two cores of 2026
OVERTIME = 3  # times the budget, after which the clock ends a search on a slow or busy machine
BY_AUC = "auc"  # in the name of a family's second candidate
_CORES = 2
_FIT_S, _ROW_S, _CELL_S = 0.2, 3e-5, 6e-7  # a fit's seconds: at least, and by row and cell
_WIDE = 4  # a setting whose highest value is more times its lowest is drawn by its logarithm

OnFit = Callable[[str, Trial | None], None]


@dataclass(frozen=True, eq=False)
class Search:
    """What a search found.

    Attributes:
        candidates: name -> unfitted pipeline with a family's best settings by log loss, and with
            those by AUC where they are others: larger trees rank better than they estimate, and a
            blend may use both.
        trials: all of them, in their order.
        budget_s: seconds that it was to take.
        planned: how many trials that is for.
        ended_by: what ended it before all of them were tried, if anything did.
        missing: why libraries don't take part.
    """

    candidates: dict[str, Pipeline]
    trials: tuple[Trial, ...]
    budget_s: float
    planned: int
    ended_by: str
    missing: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person is to know of it."""
        if not self.ended_by:
            return self.missing
        end = (
            f"{self.ended_by} ended the search after {len(self.trials)} of {self.planned} trials;"
            " another run may find something else"
        )
        return (*self.missing, end)

    def to_meta(self) -> dict[str, Any]:
        """Return `training_meta.search`."""
        tried = {"budget_s": self.budget_s, "planned": self.planned, "tried": len(self.trials)}
        return tried | ({"ended_by": self.ended_by} if self.ended_by else {})


def plan_trials(dataset: Dataset, budget_s: float) -> int:
    """Return how many settings a search of a table within a budget is to try."""
    rows = _draw(dataset)
    encoded = build_preprocessing(*_columns(dataset), keeps_blanks=True)
    encoded.fit(dataset.frame.iloc[rows])
    return count_trials(len(rows), len(encoded.get_feature_names_out()), budget_s)


def search_candidates(dataset: Dataset, planned: int, budget_s: float, on_fit: OnFit) -> Search:
    """Return the best settings found for each family that is installed.

    The clock only ends a search that takes OVERTIME times its budget, and not before the families'
    own settings were tried. Ctrl-C ends it at once; what was found is kept.

    Args:
        dataset: the customers.
        planned: how many settings to try.
        budget_s: seconds that it is to take on a quiet machine.
        on_fit: called after each of FOLDS fits per trial, with the family that is being tried and
            the best trial so far.
    """
    deadline = time.monotonic() + OVERTIME * budget_s
    families, missing = list_families()
    rows = _draw(dataset)
    frame, target = dataset.frame.iloc[rows], dataset.target[rows]
    groups = None if dataset.groups is None else dataset.groups[rows]
    trials: list[Trial] = []
    with run_side_by_side(len(rows)) as run:
        folds = split_folds(target, groups)[:FOLDS]
        learning = Learning(frame, target, folds, _columns(dataset), run)
        end = ""
        try:
            for trial in _try_all(learning, families, planned, on_fit):
                trials.append(trial)
                if time.monotonic() > deadline and len(trials) >= LEAST_TRIALS * len(families):
                    end = "the clock"
                    break
        except KeyboardInterrupt:
            end = "Ctrl-C"
    if len(trials) == planned:
        end = ""
    candidates = {name: _build(trial, learning) for name, trial in _pick(trials).items()}
    return Search(candidates, tuple(trials), budget_s, planned, end, tuple(missing))


def count_trials(rows: int, columns: int, budget_s: float) -> int:
    """Return how many settings a budget is for: by a table's size, not by the clock.

    Args:
        rows: that are searched on.
        columns: of the encoded matrix.
        budget_s: seconds that the search is to take.
    """
    fit_s = _FIT_S + rows * (_ROW_S + columns * _CELL_S)
    return min(MAX_TRIALS, math.ceil(PLANNED_SHARE * budget_s * _CORES / (FOLDS * fit_s)))


def _draw(dataset: Dataset) -> Rows:
    return draw_rows(dataset, split_dataset(dataset)[0], MAX_ROWS)


def _columns(dataset: Dataset) -> Columns:
    return dataset.numeric, dataset.categorical, dataset.grouped


def _try_all(
    learning: Learning, families: Sequence[Family], planned: int, on_fit: OnFit
) -> Iterator[Trial]:
    study = _begin_study(families)
    best: Trial | None = None
    for _ in range(planned):
        drawn = study.ask()
        family, settings = _draw_settings(drawn, families)
        trial = try_settings(learning, family, settings, partial(on_fit, family.name, best))
        study.tell(drawn, trial.loss)
        best = min(trial, best or trial, key=_loss)
        yield trial


def _pick(trials: Sequence[Trial]) -> dict[str, Trial]:
    """Return each family's best by log loss, and its best by AUC where that is another."""
    by_loss = {trial.family.name: trial for trial in sorted(trials, key=_loss, reverse=True)}
    by_auc = {trial.family.name: trial for trial in sorted(trials, key=_auc)}
    others = {f"{name}-{BY_AUC}": by_auc[name] for name in by_auc if by_auc[name] != by_loss[name]}
    return by_loss | others


def _loss(trial: Trial) -> float:
    return trial.loss


def _auc(trial: Trial) -> float:
    return trial.auc


def _begin_study(families: Sequence[Family]) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=SEED))
    # Each family's first before anyone's second: few trials still tell the families apart.
    starts = [
        (place, family, settings)
        for family in families
        for place, settings in enumerate(family.starts)
    ]
    for _, family, settings in sorted(starts, key=lambda start: start[0]):
        named = {f"{family.library} {name}": value for name, value in settings.items()}
        study.enqueue_trial({"family": family.name, **named})
    return study


def _draw_settings(drawn: optuna.Trial, families: Sequence[Family]) -> tuple[Family, Settings]:
    by_name = {family.name: family for family in families}
    family = by_name[drawn.suggest_categorical("family", list(by_name))]
    settings: Settings = {}
    for name, (low, high) in family.space.items():
        is_whole = isinstance(low, int) and isinstance(high, int)
        suggest: Any = drawn.suggest_int if is_whole else drawn.suggest_float
        settings[name] = suggest(f"{family.library} {name}", low, high, log=high > _WIDE * low)
    return family, settings


def _build(trial: Trial, learning: Learning) -> Pipeline:
    return Pipeline(
        [
            ("preprocessing", build_preprocessing(*learning.columns, keeps_blanks=True)),
            ("model", trial.family.build(trial.settings, trial.trees)),
        ]
    )
