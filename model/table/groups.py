"""A feature cuts customers into groups: by category, by value, by quarter of its range, blanks."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

MAX_VALUES = 10  # a number with no more different values, such as 0/1, makes a group of each
QUARTERS = 4
BLANK = "blank"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Group:
    """Some of the customers, by one feature."""

    feature: str
    label: str
    mask: Mask

    @property
    def size(self) -> int:
        """How many they are."""
        return int(self.mask.sum())


def split_groups(values: "pd.Series[Any]") -> list[Group]:
    """Return the groups of a feature: in the order of its numbers, or by size; blanks last.

    Args:
        values: the feature's, named after it.
    """
    name = str(values.name)
    is_number = pd.api.types.is_numeric_dtype(values)
    if is_number and values.nunique() > MAX_VALUES:
        numbers = values.to_numpy(dtype=np.float64)
        groups = _split_quarters(name, numbers)
    elif is_number:
        known = sorted(values.dropna().unique())
        groups = [Group(name, f"{value:g}", (values == value).to_numpy()) for value in known]
    else:
        counts = values.value_counts()  # largest first
        groups = [Group(name, str(text), (values == text).to_numpy()) for text in counts.index]
    if values.isna().any():
        groups.append(Group(name, BLANK, values.isna().to_numpy()))
    return groups


def _split_quarters(name: str, values: npt.NDArray[np.float64]) -> list[Group]:
    """Return groups of about the same size, whose labels are exactly where they are cut."""
    quantiles = np.nanquantile(values, np.arange(1, QUARTERS) / QUARTERS)
    cuts = sorted({float(f"{cut:.4g}") for cut in quantiles})
    edges = [-np.inf, *cuts, np.inf]
    groups = []
    for low, high in pairwise(edges):
        mask = (values > low) & (values <= high)
        if mask.any():
            groups.append(Group(name, _label_range(low, high), mask))
    return groups


def _label_range(low: float, high: float) -> str:
    if low == -np.inf:
        return f"up to {_plain(high)}"
    if high == np.inf:
        return f"over {_plain(low)}"
    return f"over {_plain(low)}, up to {_plain(high)}"


def _plain(number: float) -> str:
    return f"{number:,.10g}"
