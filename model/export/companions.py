"""Which values of two features never go together, among the customers that a model learns from.

What-if proposes none of these (functions/predict/inference/advice/companions.py reads them).
"""

from collections.abc import Sequence
from itertools import combinations
from math import log
from typing import Any

import numpy as np
import pandas as pd

ERROR_RATE = 0.01  # of tables without any such pair, the share in which chance makes up one

Codes = np.ndarray  # a category's number for each row; -1 where it is blank or not listed


def find_companions(
    features: Sequence[dict[str, Any]], frame: pd.DataFrame
) -> list[tuple[int, int, list[list[int]]]]:
    """Return the schema's `companions`: feature, category, and what goes with it.

    Two values never go together if no row has both although chance alone would make that very
    unlikely: if they were independent, e rows would have both on average, and none would with
    probability exp(-e) (Poisson). Of k pairs looked at, none is taken for such by mistake in 99 of
    100 tables if e >= ln(k / 0.01) is asked for: 11 rows for some 1,000 pairs.

    Args:
        features: of the schema; only what may change is limited.
        frame: the rows that the model learned from.

    Returns:
        For each category of a feature that may change, and that doesn't go with all categories of
        the others: `[other, category, ...]` with those that it goes with, the most frequent first.
    """
    codes = {
        place: pd.Index(spec["categories"]).get_indexer_for(frame[spec["name"]])
        for place, spec in enumerate(features)
        if spec["kind"] == "category"
    }
    sizes = {place: len(features[place]["categories"]) for place in codes}
    changeable = {place for place in codes if features[place]["changeable"]}
    pairs = [pair for pair in combinations(codes, 2) if changeable & set(pair)]
    least = log(max(1, sum(sizes[a] * sizes[b] for a, b in pairs)) / ERROR_RATE)
    found: dict[tuple[int, int], list[list[int]]] = {}
    for first, second in pairs:
        counts = _count(codes[first], codes[second], (sizes[first], sizes[second]))
        never = _find_never(counts, least)
        _add(found, (first, second), counts, never)
        _add(found, (second, first), counts.T, never.T)
    return [(*key, found[key]) for key in sorted(found) if key[0] in changeable]


def _count(first: Codes, second: Codes, shape: tuple[int, int]) -> np.ndarray:
    """Return how many rows have each pair of categories."""
    known = (first >= 0) & (second >= 0)
    numbers = first[known].astype(np.int64) * shape[1] + second[known]
    return np.bincount(numbers, minlength=shape[0] * shape[1]).reshape(shape)


def _find_never(counts: np.ndarray, least: float) -> np.ndarray:
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(1, counts.sum())
    return (counts == 0) & (expected >= least)


def _add(
    found: dict[tuple[int, int], list[list[int]]],
    places: tuple[int, int],
    counts: np.ndarray,
    never: np.ndarray,
) -> None:
    feature, other = places
    for category in np.flatnonzero(never.any(axis=1)).tolist():
        ranked = np.argsort(-counts[category], kind="stable")
        going = [code for code in ranked.tolist() if not never[category, code]]
        found.setdefault((feature, category), []).append([other, *going])
