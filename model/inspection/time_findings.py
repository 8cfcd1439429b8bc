"""How much worse a model is about later customers than about customers drawn by lot."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from model.inspection.quick_models import SEED, table_model, to_numbers
from model.table.dataset import Dataset

MAX_ROWS = 20_000  # learned from, and as many tested on: the difference shows on these

Rows = npt.NDArray[np.int64]


def find_drift(dataset: Dataset, train_rows: Rows) -> Iterator[str]:
    """Yield a line that compares both tests, where the table has a column of time.

    One quick model is fitted twice: on the earlier rows and tested on the later, and on as many
    rows drawn by lot and tested on the others.
    """
    if dataset.time_order is None:
        return
    everyone = np.arange(len(dataset.target))
    later = np.setdiff1d(everyone, train_rows)
    drawn = _draw(dataset, len(later))
    with threadpool_limits(limits=1):
        auc_later = _test(dataset, train_rows, later)
        auc_drawn = _test(dataset, np.setdiff1d(everyone, drawn), drawn)
    loss = auc_drawn - auc_later
    change = f"{loss:.4f} worse" if loss > 0 else f"no worse (by {-loss:.4f} better)"
    yield (
        f'tested on the latest {len(later):,} customers by "{dataset.time_column}", as in '
        f"production, a quick model has an AUC of {auc_later:.4f}; on as many drawn by lot "
        f"{auc_drawn:.4f}: {change}. All figures here are about the latest; train anew when the "
        "loss is more than you can bear"
    )


def _draw(dataset: Dataset, count: int) -> Rows:
    """Return so many rows drawn by lot; rows that are there twice stay together."""
    rows = len(dataset.target)
    groups = np.arange(rows) if dataset.groups is None else dataset.groups
    place = np.random.default_rng(SEED).permutation(int(groups.max()) + 1)
    return np.argsort(place[groups], kind="stable")[:count]


def _test(dataset: Dataset, seen: Rows, unseen: Rows) -> float:
    numbers = to_numbers(dataset.frame.iloc[np.concatenate([_cut(seen), _cut(unseen)])]).to_numpy()
    size = len(_cut(seen))
    model = table_model().fit(numbers[:size], dataset.target[_cut(seen)])
    scores = model.predict_proba(numbers[size:])[:, 1]
    return float(roc_auc_score(dataset.target[_cut(unseen)], scores))


def _cut(rows: Rows) -> Rows:
    """Return at most MAX_ROWS of the rows, spread evenly."""
    return rows[:: -(-len(rows) // MAX_ROWS)]
