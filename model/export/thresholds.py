"""Where, on a number's raw scale, scikit-learn's comparison of the scaled number flips."""

from typing import Any

import numpy as np
import numpy.typing as npt

from model.export.ensembles import Floats
from model.export.preprocessing import NumberColumn

_STEPS = 64  # halvings from all doubles to two neighbours
_INFINITY = int(np.array(np.inf).view(np.int64))


def find_raw_thresholds(
    thresholds: Floats, number: NumberColumn, precision: type[np.floating[Any]]
) -> Floats:
    """Return for each threshold the largest raw double that scikit-learn sends left.

    Bisection over all doubles in their order: scaling and rounding never turn the order of two
    numbers round, so every smaller double goes left as well and every larger one right.

    Args:
        thresholds: in the classifier's units.
        number: how training scaled the raw number.
        precision: the type to which scikit-learn rounds what it compares.

    Returns:
        Raw units; the largest double where every number goes left.
    """
    # From the smallest double on, which every threshold sends left.
    left = np.full(len(thresholds), 1 - _INFINITY, dtype=np.int64)
    right = np.full(len(thresholds), _INFINITY, dtype=np.int64)
    for _ in range(_STEPS):
        middle = (left >> 1) + (right >> 1) + (left & right & 1)  # their sum may not fit
        with np.errstate(over="ignore"):  # infinity compares as it should
            scaled = (_nth_double(middle) - number.mean) / number.scale
            goes_left = scaled.astype(precision) <= thresholds
        left, right = np.where(goes_left, middle, left), np.where(goes_left, right, middle)
    return _nth_double(left)


def _nth_double(ordinals: npt.NDArray[np.int64]) -> Floats:
    """Return the doubles at these places in the order of all doubles; 0 is at place 0."""
    magnitudes = np.abs(ordinals).view(np.float64)
    return np.where(ordinals < 0, -magnitudes, magnitudes)
