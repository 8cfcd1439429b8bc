"""Which numbers go with a category in a part of their range only, among a model's customers.

Who has no internet pays 26.90 at most; what-if then brings the charges along, or proposes nothing.
"""

import re
from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
import pandas as pd

ERROR_RATE = 0.01  # of tables where nothing depends on anything, the share where chance finds some
LEAST_BEYOND = 0.05  # of all customers, that a range leaves out: at its end they are few anyway
_PRICE = re.compile(r"(?:charge|price|fee|rate|cost|premium|tariff|payment|rent|bill)s?$")
_HISTORY = re.compile(r"total|sum$|cumul|lifetime|paid|past|last")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

Range = tuple[int, bool, list[tuple[int, float]], list[tuple[int, float]]]


def find_ranges(
    features: Sequence[dict[str, Any]],
    frame: pd.DataFrame,
    codes: dict[int, np.ndarray],
    never: np.ndarray,
) -> list[Range]:
    """Return the schema's `ranges`: numbers, and the categories that hold them in narrower ones.

    An end of a category's range is stated if it leaves out a twentieth of all customers, and hardly
    by chance: were the category independent of the number, e of its customers would lie beyond on
    average, and none with probability exp(-e). As for pairs, e >= ln(k / 0.01) is asked for.
    It is left out where another feature, whatever it may be beside this category, says as much.

    Args:
        features: of the schema; a category is looked at if its feature or the number may change.
        frame: the rows that the model learned from.
        codes: of each feature of kind category, a category's number for each row, or -1.
        never: for each two values, counted through all categories, whether they are apart.

    Returns:
        The number's place, whether it may follow a change, and each value with the least number
        that goes with it, and with the greatest.
    """
    numbers = [place for place, spec in enumerate(features) if spec["kind"] == "number"]
    sizes = [len(features[place]["categories"]) for place in codes]
    owners = np.repeat(np.array([*codes], dtype=int), sizes)
    least = log(max(1, 2 * len(numbers) * len(owners)) / ERROR_RATE)
    found = []
    for place in numbers:
        spec = features[place]
        may_change = [spec["changeable"] or features[owner]["changeable"] for owner in owners]
        asked = np.where(np.array(may_change, dtype=bool), least, np.inf)
        column = frame[spec["name"]].to_numpy(dtype=float)
        lows, highs = (_list_ends(sign * column, codes, owners, never, asked) for sign in (1, -1))
        if lows or highs:
            may_follow = spec["changeable"] or is_price(spec["name"])
            found.append((place, may_follow, lows, [(value, -end) for value, end in highs]))
    return found


def is_price(name: str) -> bool:
    """Return whether a column's name sounds like what a customer pays, which an offer changes.

    Sums of what was paid are history, as any other number may be.
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    return any(map(_PRICE.match, words)) and not any(map(_HISTORY.match, words))


def _list_ends(
    column: np.ndarray,
    codes: dict[int, np.ndarray],
    owners: np.ndarray,
    never: np.ndarray,
    asked: np.ndarray,
) -> list[tuple[int, float]]:
    """Return each value with the least number that goes with it, where that is worth saying."""
    known = ~np.isnan(column)
    ranked = np.sort(column[known])
    ends, counts = np.full(len(owners), np.inf), np.zeros(len(owners))
    for place, code in codes.items():
        both = known & (code >= 0)
        values = np.flatnonzero(owners == place)[code[both]]
        np.minimum.at(ends, values, column[both])
        np.add.at(counts, values, 1)
    beyond = np.searchsorted(ranked, ends) / max(1, len(ranked))
    is_stated = (beyond >= LEAST_BEYOND) & (counts * beyond >= asked)
    for value in np.flatnonzero(is_stated)[::-1]:
        is_stated[value] = not _is_implied(value, ends, is_stated, owners, never)
    return [(value, float(ends[value])) for value in np.flatnonzero(is_stated).tolist()]


def _is_implied(
    value: int, ends: np.ndarray, is_stated: np.ndarray, owners: np.ndarray, never: np.ndarray
) -> bool:
    """Return whether all that may stand beside a value, in some other feature, says as much."""
    says_as_much = is_stated & (ends >= ends[value])
    others = set(owners.tolist()) - {owners[value]}
    return any(says_as_much[(owners == other) & ~never[value]].all() for other in others)
