"""Which columns know the target already: one or a few rank customers almost perfectly.

A leak is judged on part of the training rows, by models that are quick to fit. A high AUC isn't
one: honest tables reach 0.99 with all their columns together. It takes a column, or two, that
reach it by themselves, while the rest of the table is far behind. Leaks that are wrong about some
rows, and those of three or four columns, show in how certain they are: see `certain_groups`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from model.inspection.certain_groups import find_certain
from model.inspection.judging import SEED, judge, judge_table
from model.inspection.pair_screening import screen_pairs

MAX_ROWS = 6_000  # judged; ranking that is almost perfect shows on a few thousand
MAX_COLUMNS_PAIRED = 100  # the table's first; they make 4,950 pairs, a second or two
SURE_ALONE = 0.99  # AUC of one column by itself that no honest column reaches
LIKELY_ALONE = 0.95  # the same, where the rest of the table is far behind
SURE_PAIR = 0.998  # AUC of two columns by themselves, chosen among thousands of pairs
LIKELY_PAIR = 0.98
FAR_BEHIND = 4.0  # (1 - AUC) without the leak over (1 - AUC) with it
SMALLEST_GAP = 0.02  # between the two AUCs
_WORTH_A_MODEL = 0.95  # AUC by counting from which on a pair is looked at closely
_MAX_CLOSE_LOOKS = 4

Columns = tuple[str, ...]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Leak:
    """One column, or a pair, that tells the target; AUCs by cross-validation on training rows.

    Attributes:
        columns: one name to four.
        auc_alone: of these columns by themselves.
        auc_with: of all columns of the table.
        auc_without: of all columns but those of every leak that was found.
    """

    columns: tuple[str, ...]
    auc_alone: float
    auc_with: float
    auc_without: float


def find_leaks(frame: pd.DataFrame, target: Rows, train_rows: Rows) -> tuple[Leak, ...]:
    """Return the leaks among the features of the training rows, single columns first.

    Args:
        frame: float columns with NaN where blank, others texts.
        target: 0 or 1 for each row.
        train_rows: positions of the rows that may be looked at.
    """
    rows = train_rows[_draw_rows(target[train_rows])]
    frame, target = frame.iloc[rows], target[rows]
    numbers = _to_numbers(frame)
    with threadpool_limits(limits=1):  # OpenMP's threads stall on a busy machine
        found = _find_columns(numbers, target)
        rest = numbers.columns.drop([name for columns in found for name in columns])
        found |= _find_pairs(frame[rest], numbers[rest], target)
        rest = numbers.columns.drop([name for columns in found for name in columns])
        found |= find_certain(numbers[rest], target)
        if not found:
            return ()
        rest = numbers.columns.drop([name for columns in found for name in columns])
        auc_with = max(judge_table(numbers, target), *found.values())
        auc_without = judge_table(numbers[rest], target)
    return tuple(Leak(columns, auc, auc_with, auc_without) for columns, auc in found.items())


def _draw_rows(target: Rows) -> Rows:
    """Return at most MAX_ROWS positions, as many of either kind where both have enough."""
    if len(target) <= MAX_ROWS:
        return np.arange(len(target))
    generator = np.random.default_rng(SEED)
    kinds = [np.flatnonzero(target == value) for value in (0, 1)]
    fewer = min(MAX_ROWS // 2, *map(len, kinds))
    drawn = [
        generator.choice(kind, min(len(kind), MAX_ROWS - fewer), replace=False) for kind in kinds
    ]
    return np.sort(np.concatenate(drawn))


def _to_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return texts as numbers that trees can split, blanks still blank."""
    return pd.DataFrame(
        {
            name: values if pd.api.types.is_numeric_dtype(values) else _code_texts(values)
            for name, values in frame.items()
        }
    )


def _code_texts(values: "pd.Series") -> npt.NDArray[np.float64]:
    codes = pd.factorize(values, sort=True)[0].astype(float)
    return np.where(codes < 0, np.nan, codes)


def _find_columns(numbers: pd.DataFrame, target: Rows) -> dict[Columns, float]:
    alone = {name: judge(_column_model(), numbers[[name]], target) for name in numbers.columns}
    sure = [name for name, auc in alone.items() if auc >= SURE_ALONE]
    honest = numbers.drop(columns=sure)
    likely = [name for name in honest.columns if alone[name] >= LIKELY_ALONE]
    if likely:
        auc_with = judge_table(honest, target)
        sure += [
            name
            for name in likely
            if _is_far_behind(judge_table(honest.drop(columns=name), target), auc_with)
        ]
    return {(name,): alone[name] for name in sorted(sure, key=lambda name: -alone[name])}


def _find_pairs(frame: pd.DataFrame, numbers: pd.DataFrame, target: Rows) -> dict[Columns, float]:
    screened = screen_pairs(frame.iloc[:, :MAX_COLUMNS_PAIRED], target)
    promising = [pair for pair, auc in screened.items() if auc >= _WORTH_A_MODEL]
    promising = sorted(promising, key=lambda pair: -screened[pair])[:_MAX_CLOSE_LOOKS]
    found: dict[Columns, float] = {}
    for pair in promising:
        if not any(set(pair) & set(other) for other in found):
            auc = _judge_pair(numbers[list(pair)], target)
            rest = numbers.drop(columns=list(pair))
            if auc >= SURE_PAIR or (
                auc >= LIKELY_PAIR and _is_far_behind(judge_table(rest, target), auc)
            ):
                found[pair] = auc
    return found


def _is_far_behind(auc_without: float, auc_with: float) -> bool:
    gap = auc_with - auc_without
    return gap >= SMALLEST_GAP and 1 - auc_without >= FAR_BEHIND * (1 - auc_with)


def _judge_pair(pair: pd.DataFrame, target: Rows) -> float:
    first, second = (pair.iloc[:, place] for place in (0, 1))
    crossed = pair.assign(**{"difference ": first - second, "sum ": first + second})
    # Random splits see exclusive-or, which a tree that takes the best split at once is blind to.
    model = ExtraTreesClassifier(50, min_samples_leaf=3, max_features=None, random_state=SEED)
    return judge(model, crossed, target)


def _column_model() -> DecisionTreeClassifier:
    return DecisionTreeClassifier(max_leaf_nodes=32, min_samples_leaf=3, random_state=SEED)
