"""What the values of a feature do to scores: its effects summed up by value, or along a range."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.evaluation.metrics import Floats
from model.table.groups import BLANK, MAX_VALUES, split_groups

MAX_CATEGORIES = 9  # of one feature: the largest
SPREAD = (0.1, 0.9)  # from where to where the customers at a value are shown
_POINTS = 12  # along a range, each with about the same number of customers


@dataclass(frozen=True)
class ValueEffect:
    """The effect for the customers at a value, or at a part of a range whose middle is `at`."""

    label: str
    at: float | None
    customers: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class FeatureEffect:
    """What each value does; `left_out` counts the smaller categories that aren't listed."""

    feature: str
    values: list[ValueEffect]
    left_out: int

    @property
    def points(self) -> list[ValueEffect]:
        """Those along a range; none for categories."""
        return [value for value in self.values if value.at is not None]

    @property
    def reach(self) -> float:
        """The largest effect listed, up or down."""
        ends = [abs(end) for value in self.values for end in (value.mean, value.low, value.high)]
        return max(ends)


def sum_up_effects(values: "pd.Series[Any]", effects: Floats) -> FeatureEffect:
    """Return a feature's effects by value.

    Args:
        values: the feature's, named after it.
        effects: in the same order.
    """
    name = str(values.name)
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > MAX_VALUES:
        return FeatureEffect(name, _follow_range(values.to_numpy(dtype=np.float64), effects), 0)
    groups = split_groups(values)
    largest = sorted(groups, key=lambda group: -group.size)[:MAX_CATEGORIES]
    listed = [
        _sum_up(group.label, None, effects[group.mask]) for group in groups if group in largest
    ]
    return FeatureEffect(name, listed, len(groups) - len(listed))


def _follow_range(numbers: Floats, effects: Floats) -> list[ValueEffect]:
    is_blank = np.isnan(numbers)
    known, own = numbers[~is_blank], effects[~is_blank]
    parts = np.array_split(np.argsort(known, kind="stable"), min(_POINTS, len(known)))
    found = [_sum_up("", float(np.median(known[part])), own[part]) for part in parts]
    if is_blank.any():
        found.append(_sum_up(BLANK, None, effects[is_blank]))
    return found


def _sum_up(label: str, at: float | None, effects: Floats) -> ValueEffect:
    low, high = (float(end) for end in np.quantile(effects, SPREAD))
    return ValueEffect(label, at, len(effects), float(effects.mean()), low, high)
