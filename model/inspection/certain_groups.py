"""Columns, up to four, that are certain of nearly every row: a leak with some wrong rows, too.

What customers do makes some leave more likely than others, with every shade between. What was
written after they left knows no shades: it is sure of each row, and where somebody mistyped it,
surely wrong. So these few leave hardly a row undecided, and the rest of the table is far behind.
Looked at are flags, alone and together, and each number's difference from what others make of it.
Numbers of many values aren't themselves: customers in clusters far apart are as certain.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from model.inspection.differences import list_differences
from model.inspection.judging import SEED, judge_table, predict, predict_by_boosting

LARGEST_GROUP = 4  # columns
MOST_VALUES = 6  # of a column that counts as a flag or a status
UNDECIDED = (0.1, 0.6)  # probability of the rarer outcome: a flag that is wrong about a twentieth
# of the rows means 0.68 where a tenth leaves
MOST_UNDECIDED = 0.06  # of the rows; a logistic curve with an AUC of 0.99 has twice that
LEAST_AUC = 0.9  # a flag that is wrong about a twentieth of the rows has 0.95
FAR_BEHIND = 2.0  # (1 - AUC) of the rest over (1 - AUC) of all
SMALLEST_GAP = 0.02  # between the two AUCs
_MAY_LOSE = 0.005  # of AUC, for each column that a group does without
_LOOKED_AT = 6  # columns, the most important of a forest
_MAX_DIFFERENCES = 4  # that a model is fitted on, those that rank customers best by themselves

Rows = npt.NDArray[np.int64]
Columns = tuple[str, ...]


def find_certain(numbers: pd.DataFrame, target: Rows) -> dict[Columns, float]:
    """Return a small group of columns that is certain by itself, and its AUC, if there is one.

    Args:
        numbers: float columns with NaN where blank; texts as codes.
        target: 0 or 1 for each row.
    """
    target = target if 2 * target.sum() <= len(target) else 1 - target
    for group, auc in _list_certain(numbers, target):
        auc_with = max(auc, judge_table(numbers, target))
        rest = judge_table(numbers.drop(columns=list(group)), target)
        if rest <= auc_with - SMALLEST_GAP and 1 - rest >= FAR_BEHIND * (1 - auc_with):
            return {group: auc}
    return {}


def _list_certain(numbers: pd.DataFrame, target: Rows) -> Iterator[tuple[Columns, float]]:
    """Yield the best of each kind, and its AUC: a flag, a difference, flags."""
    flags = numbers.loc[:, numbers.nunique() <= MOST_VALUES]
    columns = (((str(name),), flags[[name]]) for name in flags.columns)
    yield from _find_best(columns, target)
    differences = (
        (group, pd.DataFrame(left)) for group, left in _rank_differences(numbers, target)
    )
    yield from _find_best(differences, target)
    if not flags.empty and _is_certain(predict_by_boosting(flags, target), target):
        group = _shrink(flags, _find_important(flags, target), target)
        if len(group) <= LARGEST_GROUP:
            yield tuple(group), judge_table(flags[group], target)


def _find_best(
    named: Iterable[tuple[Columns, pd.DataFrame]], target: Rows
) -> list[tuple[Columns, float]]:
    """Return who is certain, with the highest AUC or few columns: a list of one, or of none."""
    # many rows a leaf: a few wrong ones don't make it undecided
    model = DecisionTreeClassifier(max_leaf_nodes=16, min_samples_leaf=30, random_state=SEED)
    certain = []
    for group, values in named:
        probabilities = predict(model, values, target)
        if _is_certain(probabilities, target):
            certain.append((group, float(roc_auc_score(target, probabilities))))
    return sorted(certain, key=lambda found: _MAY_LOSE * len(found[0]) - found[1])[:1]


def _rank_differences(
    numbers: pd.DataFrame, target: Rows
) -> list[tuple[Columns, npt.NDArray[np.float64]]]:
    """Return the differences that rank customers best, by their sign or by their size."""
    ranked = []
    for group, left in list_differences(numbers):
        by_sign = roc_auc_score(target, left)
        by_size = roc_auc_score(target, np.abs(left - np.median(left)))
        auc = max(by_sign, 1 - by_sign, by_size, 1 - by_size)
        if auc >= LEAST_AUC:
            ranked.append((_MAY_LOSE * len(group) - auc, group, left))
    ranked.sort(key=lambda found: found[0])
    return [(group, left) for _, group, left in ranked[:_MAX_DIFFERENCES]]


def _is_certain(probabilities: npt.NDArray[np.float64], target: Rows) -> bool:
    low, high = UNDECIDED
    undecided = float(((probabilities > low) & (probabilities < high)).mean())
    return undecided <= MOST_UNDECIDED and roc_auc_score(target, probabilities) >= LEAST_AUC


def _find_important(numbers: pd.DataFrame, target: Rows) -> list[str]:
    forest = RandomForestClassifier(60, min_samples_leaf=5, random_state=SEED)
    importances = forest.fit(numbers.to_numpy(), target).feature_importances_
    return [str(numbers.columns[place]) for place in np.argsort(-importances)[:_LOOKED_AT]]


def _shrink(numbers: pd.DataFrame, group: list[str], target: Rows) -> list[str]:
    """Return what is left of a group after dropping the columns that it can do without."""
    auc = judge_table(numbers[group], target)
    for name in reversed(group):  # the least important first
        fewer = [other for other in group if other != name]
        without = judge_table(numbers[fewer], target)
        if without >= auc - _MAY_LOSE:
            group, auc = fewer, without
    return group
