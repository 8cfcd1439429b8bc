"""The blend's row of the leaderboard: members, weights and calibration from unseen customers."""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from model.competition.leaderboard import Entry, Leaderboard, add_entries, select
from model.competition.serving import find_excess
from model.competition.speed import COSTS_US
from model.competition.weights import calibrate, choose_weights, to_log_odds
from model.evaluation.folds import FOLDS, Rows
from model.evaluation.metrics import Floats, Targets
from model.fitting.blend import Blend, has_log_odds
from model.fitting.candidates import suits_many_rows
from model.fitting.cross_validation import Run, predict
from model.table.dataset import Dataset

NAME = "Blend"
_CHECKED_ROWS = 200
_LONGER = 1.15  # a file of leaves times a weight, over the same file without: more decimals


def add_blend(
    leaderboard: Leaderboard, dataset: Dataset, max_us: float, max_kb: float
) -> Leaderboard:
    """Return the leaderboard with the best blend of its entries, if there are two to blend.

    Of a table that was ranked on a sample only those are blended that can learn from all of it.
    Its cross-validated figures come from weights that hadn't seen the customer, either.

    Args:
        leaderboard: its entries weighed.
        dataset: the customers.
        max_us: what a prediction of all members together may take.
        max_kb: what their files may weigh together.
    """
    is_whole = len(leaderboard.ranked_rows) == len(leaderboard.train_rows)
    members = [
        entry
        for entry in leaderboard.entries
        if entry.artifact_bytes is not None
        and (is_whole or suits_many_rows(entry.pipeline))
        and find_excess(entry, max_us, max_kb) is None
        and has_log_odds(
            entry.pipeline, dataset.frame.iloc[leaderboard.ranked_rows[:_CHECKED_ROWS]]
        )
    ]
    if len(members) <= 1:
        return leaderboard
    costs = _share_costs(members, max_us, max_kb)
    return add_entries(leaderboard, dataset, {NAME: _blend(members, leaderboard, dataset, costs)})


def _share_costs(members: Sequence[Entry], max_us: float, max_kb: float) -> Floats:
    """Return for each member what of the microseconds and kilobytes allowed it would take."""
    microseconds = np.array([entry.prediction_us or 0.0 for entry in members])
    kilobytes = np.array([(entry.artifact_bytes or 0) / 1000 for entry in members])
    shared_us = COSTS_US["records"]  # a record is checked once, whatever the members
    own = (microseconds - shared_us) / (max_us - shared_us)
    return np.column_stack([own, np.minimum(1.0, _LONGER * kilobytes / max_kb)])


def _blend(
    members: Sequence[Entry], leaderboard: Leaderboard, dataset: Dataset, costs: Floats
) -> Run:
    target = dataset.target[leaderboard.ranked_rows]
    # models x repeats x customers
    log_odds = np.array([to_log_odds(leaderboard.out_of_fold[entry.name]) for entry in members])
    everyone = np.arange(len(target))
    weights, scale, shift = _learn(log_odds, target, everyone, costs)
    chosen = [members[place] for place in np.flatnonzero(weights).tolist()]
    pipelines = tuple(entry.pipeline for entry in chosen)
    blend = Blend(pipelines, tuple(weights[weights > 0].tolist()), scale, shift)
    out_of_fold = np.empty(log_odds.shape[1:])
    for index, (seen, unseen) in enumerate(leaderboard.folds):
        repeat = log_odds[:, index // FOLDS]
        fold = _learn(repeat[:, None], target, seen, costs)
        out_of_fold[index // FOLDS, unseen] = expit(
            fold[1] * (fold[0] @ repeat[:, unseen]) + fold[2]
        )
    frame = select(dataset, leaderboard.test_rows).frame
    fit_time_s = sum(entry.fit_time_s for entry in chosen)
    return Run(blend, fit_time_s, predict(blend, frame), out_of_fold)


def _learn(
    log_odds: Floats, target: Targets, rows: Rows, costs: Floats
) -> tuple[Floats, float, float]:
    """Return weights, scale and shift that suit some customers, over all repeats."""
    repeated = np.tile(target[rows], log_odds.shape[1])
    flat = log_odds[:, :, rows].reshape(len(log_odds), -1)
    weights = choose_weights(flat, repeated, costs)
    return weights, *calibrate(weights @ flat, repeated)
