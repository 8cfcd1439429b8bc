"""What never goes together, among the customers that a model learns from.

What-if proposes none of these (functions/predict/inference/advice/companions.py reads them).
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import log
from typing import Any

import numpy as np
import pandas as pd

from model.export.ranges import ERROR_RATE, find_ranges

Codes = np.ndarray  # a category's number for each row; -1 where it is blank or not listed
Flags = np.ndarray  # true or false for each two values, counted through all categories


def find_companions(features: Sequence[dict[str, Any]], frame: pd.DataFrame) -> dict[str, Any]:
    """Return the schema's `companions`, empty where everything goes with everything.

    Two values never go together if no row has both although chance alone would make that very
    unlikely: if they were independent, e rows would have both on average, and none would with
    probability exp(-e) (Poisson). Of k pairs looked at, none is taken for such by mistake in 99 of
    100 tables if e >= ln(k / 0.01) is asked for: 11 rows for some 1,000 pairs.

    Args:
        features: of the schema; two that may both not change aren't looked at.
        frame: the rows that the model learned from.

    Returns:
        `apart`: pairs of lists of values, of which none of the first goes with any of the second;
        a value is its place among all categories, in the schema's order.
        `ranges`: numbers that go with some values in a part of their range only (see ranges.py).
    """
    codes = {
        place: pd.Index(spec["categories"]).get_indexer_for(frame[spec["name"]])
        for place, spec in enumerate(features)
        if spec["kind"] == "category"
    }
    sizes = [len(features[place]["categories"]) for place in codes]
    slices = dict(zip(codes, _list_slices(sizes), strict=True))
    pairs = [
        places
        for places in combinations(codes, 2)
        if any(features[place]["changeable"] for place in places)
    ]
    shapes = [tuple(len(features[place]["categories"]) for place in places) for places in pairs]
    least = log(max(1, sum(rows * columns for rows, columns in shapes)) / ERROR_RATE)
    never = np.zeros((sum(sizes), sum(sizes)), dtype=bool)
    for (first, second), shape in zip(pairs, shapes, strict=True):
        pair = _find_never(_count(codes[first], codes[second], shape), least)
        never[slices[first], slices[second]] = pair
        never[slices[second], slices[first]] = pair.T
    found = {
        "apart": [*_cover(never, np.repeat([*codes], sizes))],
        "ranges": find_ranges(features, frame, codes, never),
    }
    return {name: listed for name, listed in found.items() if listed}


def _list_slices(sizes: list[int]) -> list[slice]:
    ends = np.cumsum(sizes).tolist()
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]


def _count(first: Codes, second: Codes, shape: tuple[int, ...]) -> np.ndarray:
    """Return how many rows have each pair of categories."""
    known = (first >= 0) & (second >= 0)
    numbers = first[known].astype(np.int64) * shape[1] + second[known]
    return np.bincount(numbers, minlength=shape[0] * shape[1]).reshape(shape)


def _find_never(counts: np.ndarray, least: float) -> Flags:
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(1, counts.sum())
    return (counts == 0) & (expected >= least)


def _cover(never: Flags, owners: np.ndarray) -> Iterator[tuple[list[int], list[int]]]:
    """Yield lists of values of which each pair is apart, the largest first, until all are in some.

    To a value comes whatever else is apart from all that it is apart from. Two values of one
    feature are apart anyway, so a feature may have values in both lists.
    """
    own = np.equal.outer(owners, owners) & ~np.eye(len(owners), dtype=bool)
    joined: Flags = never | own
    lacking = never.astype(np.float32) @ (~joined).astype(np.float32)
    alike: Flags = never.any(axis=1, keepdims=True) & (lacking == 0)
    sizes = alike.sum(axis=1), never.sum(axis=1)
    gains = sizes[0] * sizes[1] / np.maximum(1, sizes[0] + sizes[1])
    left = never.copy()
    for value in np.argsort(-gains, kind="stable"):
        if not left[value].any():
            continue
        these = np.flatnonzero(alike[value])
        those = np.flatnonzero(joined[these].all(axis=0))
        is_left = left[np.ix_(these, those)]
        these, those = these[is_left.any(axis=1)], those[is_left.any(axis=0)]
        left[np.ix_(these, those)] = left[np.ix_(those, these)] = False
        yield these.tolist(), those.tolist()
