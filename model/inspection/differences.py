"""What a number has beyond what others make of it: a total that was settled, a date that was moved.

A column that was brought up to date once customers had left may look honest by itself, and so do
the others: only the difference from their sum or product tells who left. Differences come from
least squares, without a look at the target, so they are no guesses chosen among many.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

MAX_COLUMNS = 100  # the first numbers of a table; each is compared with all others, in seconds
MOST_OTHERS = 3  # columns that one is explained by
LEAST_EXPLAINED = 0.8  # of a column's variance: a total is, customers in clusters less so
_NOTHING_LEFT = 1e-9  # of the variance: the column repeats the others

Columns = tuple[str, ...]
Floats = npt.NDArray[np.float64]


def list_differences(numbers: pd.DataFrame) -> Iterator[tuple[Columns, Floats]]:
    """Yield each number's difference from what one to MOST_OTHERS others make of it.

    Args:
        numbers: float columns with NaN where blank, which counts as the median.

    Returns:
        The column's name and the others', and the difference for each row, in standard deviations
        of the column or, where it is from a product, of its logarithm.
    """
    filled = numbers.fillna(numbers.median())
    filled = filled.loc[:, filled.nunique() > 1].iloc[:, :MAX_COLUMNS]
    factors = filled.loc[:, filled.min() >= 0]
    for values in (filled, factors.apply(np.log1p)):
        scaled = ((values - values.mean()) / values.std(ddof=0)).to_numpy()
        for place in range(scaled.shape[1]):
            for others, left in _explain(scaled, place):
                yield tuple(str(values.columns[one]) for one in (place, *others)), left


def _explain(scaled: Floats, place: int) -> Iterator[tuple[list[int], Floats]]:
    """Yield others, one more each time, and what they leave: each the closest to what was left."""
    left = scaled[:, place]
    others: list[int] = []
    for _ in range(min(MOST_OTHERS, scaled.shape[1] - 1)):
        closeness = np.abs(left @ scaled)
        closeness[[place, *others]] = -1.0
        others.append(int(np.argmax(closeness)))
        columns = scaled[:, others]
        left = scaled[:, place] - columns @ np.linalg.lstsq(columns, scaled[:, place])[0]
        if left.var() < _NOTHING_LEFT:
            return
        if left.var() <= 1 - LEAST_EXPLAINED:
            yield list(others), left
