"""Is a candidate worse than the live model on the same customers, and how sure can one be?

Both models' probabilities for each customer are compared in pairs: the difference in AUC and in
Brier score, overall and in each segment, with intervals from a bootstrap over customers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
SEED = 42
CONFIDENCE = 0.95  # one-sided: of each overall limit, and of all segments' limits together
MIN_CUSTOMERS = 100  # a smaller segment's figures are mostly chance
MIN_OF_EACH_CLASS = 5  # below it AUC is mostly chance; from it on no more false alarms (see tests)

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_COUNTS_AT_ONCE = 4_000_000  # resampled customers held in memory, 32 MB


@dataclass(frozen=True)
class Comparison:
    """One metric of two models on the same customers.

    `gain` is in the metric's unit and positive where the candidate is better; the truth lies
    above `low`, and below `high`, each with CONFIDENCE (in segments: all of them together).
    """

    metric: str
    segment: str | None
    customers: int
    live: float
    candidate: float
    gain: float
    low: float
    high: float


@dataclass(frozen=True)
class _Contrast:
    """A comparison before its interval: `influence` is what each customer adds to the gain."""

    metric: str
    segment: str | None
    customers: int
    live: float
    candidate: float
    gain: float
    influence: Floats


def compare(
    target: npt.NDArray[np.int64], live: Floats, candidate: Floats, segments: dict[str, Mask]
) -> list[Comparison]:
    """Return the overall comparisons (AUC, Brier score), then those of each large segment.

    Args:
        target: 0 or 1 per customer, both present.
        live: the live model's probabilities, in the same order.
        candidate: the candidate's.
        segments: name -> which customers belong to it.

    Source:
        The gain in AUC is a mean of placement values (DeLong, DeLong & Clarke-Pearson 1988,
        Biometrics 44), so a resample's gain is a weighted sum of what each customer adds.
        Segments share one limit on their largest studentised deviation (max-T: Westfall & Young
        1993), so that a hundred looks at the data raise no more false alarms than one.
    """
    everyone = np.ones(len(target), dtype=bool)
    overall = _contrasts(None, everyone, target, live, candidate)
    detailed = [
        contrast
        for name, mask in segments.items()
        if mask.sum() >= MIN_CUSTOMERS
        for contrast in _contrasts(name, mask, target, live, candidate)
    ]
    deviations = _resample([contrast.influence for contrast in overall + detailed], len(target))
    own, shared = deviations[:, : len(overall)], deviations[:, len(overall) :]
    comparisons = [
        _with_limits(contrast, np.quantile(column, CONFIDENCE), np.quantile(-column, CONFIDENCE))
        for contrast, column in zip(overall, own.T, strict=True)
    ]
    if not detailed:
        return comparisons
    errors = shared.std(axis=0)
    scaled = shared / np.where(errors > 0, errors, 1.0)
    above = np.quantile(scaled.max(axis=1), CONFIDENCE) * errors
    below = np.quantile((-scaled).max(axis=1), CONFIDENCE) * errors
    limits = zip(detailed, above, below, strict=True)
    return comparisons + [_with_limits(contrast, up, down) for contrast, up, down in limits]


def place_scores(scores: Floats, is_positive: Mask) -> Floats:
    """Return, per customer, the share of the other class on the right side; a tie counts half."""
    positive, negative = np.sort(scores[is_positive]), np.sort(scores[~is_positive])
    placements = np.empty(len(scores))
    placements[is_positive] = _share_below(negative, scores[is_positive])
    placements[~is_positive] = 1.0 - _share_below(positive, scores[~is_positive])
    return placements


def _with_limits(contrast: _Contrast, above: float, below: float) -> Comparison:
    facts: dict[str, Any] = {
        name: getattr(contrast, name)
        for name in ("metric", "segment", "customers", "live", "candidate", "gain")
    }
    return Comparison(**facts, low=float(contrast.gain - above), high=float(contrast.gain + below))


def _contrasts(
    segment: str | None,
    mask: Mask,
    target: npt.NDArray[np.int64],
    live: Floats,
    candidate: Floats,
) -> list[_Contrast]:
    pair = (live[mask], candidate[mask])
    outcome = target[mask]
    found = [_brier_contrast(segment, mask, outcome, *pair)]
    if min(outcome.sum(), len(outcome) - outcome.sum()) >= MIN_OF_EACH_CLASS:
        found.insert(0, _auc_contrast(segment, mask, outcome, *pair))
    return found


def _brier_contrast(
    segment: str | None, mask: Mask, outcome: Any, live: Floats, candidate: Floats
) -> _Contrast:
    losses = (live - outcome) ** 2, (candidate - outcome) ** 2
    gains = losses[0] - losses[1]
    gain = float(gains.mean())
    influence = np.zeros(len(mask))
    influence[mask] = (gains - gain) / len(gains)
    means = float(losses[0].mean()), float(losses[1].mean())
    return _Contrast("Brier score", segment, len(outcome), *means, gain, influence)


def _auc_contrast(
    segment: str | None, mask: Mask, outcome: Any, live: Floats, candidate: Floats
) -> _Contrast:
    is_positive = outcome == 1
    placements = place_scores(live, is_positive), place_scores(candidate, is_positive)
    gains = placements[1] - placements[0]
    aucs = [float(values[is_positive].mean()) for values in placements]
    gain = aucs[1] - aucs[0]
    own = np.empty(len(outcome))
    for group in (is_positive, ~is_positive):
        own[group] = (gains[group] - gain) / group.sum()
    influence = np.zeros(len(mask))
    influence[mask] = own
    return _Contrast("AUC", segment, len(outcome), aucs[0], aucs[1], gain, influence)


def _share_below(ordered: Floats, values: Floats) -> Floats:
    places = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    return places / (2.0 * len(ordered))


def _resample(influences: Sequence[Floats], customers: int) -> Floats:
    """Return the deviation of each gain (columns) in each bootstrap resample (rows)."""
    columns = np.column_stack(influences)
    generator = np.random.default_rng(SEED)
    at_once = max(1, _COUNTS_AT_ONCE // customers)
    parts = []
    for start in range(0, RESAMPLES, at_once):
        rows = min(at_once, RESAMPLES - start)
        drawn = generator.integers(customers, size=(rows, customers))
        drawn += np.arange(rows)[:, None] * customers
        counts = np.bincount(drawn.ravel(), minlength=rows * customers)
        parts.append(counts.reshape(rows, customers).astype(np.float64) @ columns)
    return np.concatenate(parts)
