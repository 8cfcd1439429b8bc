"""The model that serves learns from more customers than the ranking did, as long as that helps.

Ranking needs no million rows. A learning curve says whether the model does: four times as many
customers each time, judged on training customers that no fit has seen.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student_t
from sklearn.metrics import roc_auc_score

from model.competition.leaderboard import CONFIDENCE, Entry, Leaderboard, select
from model.evaluation.folds import Rows, draw_rows
from model.evaluation.metrics import Floats, measure
from model.fitting.blend import Model
from model.fitting.candidates import suits_many_rows
from model.fitting.cross_validation import Part, predict, refit
from model.table.dataset import Dataset

FACTOR = 4  # from one point of the curve to the next
MAX_ROWS = 1_000_000  # learned from: what fits into the memory of a laptop, encoded
JUDGED_ROWS = 20_000  # that the curve is measured on, at most half of those that are left
_FEW_ROWS = 4_000  # left over: a curve of them would say nothing
_CHUNKS = 10  # of the judged customers: their AUCs' spread says what is chance


@dataclass(frozen=True)
class Point:
    """One point of a learning curve.

    Attributes:
        rows: learned from.
        auc: mean over the chunks of the judged customers.
        gain: of that over the point before; give or take `margin`.
    """

    rows: int
    auc: float
    gain: float | None
    margin: float | None


@dataclass(frozen=True, eq=False)
class Growth:
    """What came of learning from more: the entry's new model, its rows, the curve, in words."""

    entry: Entry
    rows: Rows
    curve: tuple[Point, ...]

    def describe(self, total: int) -> str | None:
        """Return one line, if there is anything to say of how many customers it learned from.

        Args:
            total: customers of the training part.
        """
        line = f"{self.entry.name} learned from {len(self.rows):,} of {total:,} customers"
        if self.curve:
            last = self.curve[-1]
            gain = f"{last.gain:+.4f} ±{last.margin:.4f}"
            return f"{line}; the last {FACTOR} times as many changed its AUC by {gain}"
        is_fast = suits_many_rows(self.entry.pipeline)
        return None if is_fast else f"{line}: from many more it would take hours"


def grow(entry: Entry, leaderboard: Leaderboard, dataset: Dataset) -> Growth:
    """Return an entry that has learned from as many of the training part's rows as help.

    Args:
        entry: fitted on `ranked_rows`.
        leaderboard: the entry's; if it was ranked on the whole training part, nothing changes.
        dataset: the customers.
    """
    rest = np.setdiff1d(leaderboard.train_rows, leaderboard.ranked_rows)
    if len(rest) < _FEW_ROWS or not suits_many_rows(entry.pipeline):
        return Growth(entry, leaderboard.ranked_rows, ())
    judged_rows = draw_rows(dataset, rest, min(JUDGED_ROWS, len(rest) // 2))
    judged = select(dataset, judged_rows)
    pool = np.random.default_rng(len(rest)).permutation(np.setdiff1d(rest, judged_rows))
    rows, model = leaderboard.ranked_rows, entry.pipeline
    aucs = _judge(model, judged)
    curve = [Point(len(rows), float(aucs.mean()), None, None)]
    most = min(MAX_ROWS, len(leaderboard.ranked_rows) + len(pool))
    while len(rows) < most and (len(curve) == 1 or _has_helped(curve[-1])):
        size = min(most, len(rows) * FACTOR)
        more, pool = np.split(pool, [size - len(rows)])
        rows = np.concatenate([rows, more])
        model = refit(entry.pipeline, select(dataset, rows))
        before, aucs = aucs, _judge(model, judged)
        curve.append(Point(len(rows), float(aucs.mean()), *_compare(aucs, before)))
    test = select(dataset, leaderboard.test_rows)
    metrics = measure(test.target, predict(model, test.frame))
    return Growth(replace(entry, pipeline=model, metrics=metrics), rows, tuple(curve))


def _judge(model: Model, judged: Part) -> Floats:
    probabilities = predict(model, judged.frame)
    chunks = np.arange(len(judged.target)) % _CHUNKS
    return np.array(
        [
            roc_auc_score(judged.target[chunks == chunk], probabilities[chunks == chunk])
            for chunk in range(_CHUNKS)
        ]
    )


def _compare(aucs: Floats, before: Floats) -> tuple[float, float]:
    gains = aucs - before
    spread = float(gains.std(ddof=1)) / np.sqrt(_CHUNKS)
    return float(gains.mean()), float(student_t.ppf((1 + CONFIDENCE) / 2, _CHUNKS - 1) * spread)


def _has_helped(point: Point) -> bool:
    return point.gain is not None and point.gain > (point.margin or 0.0)
