"""Scores meet outcomes: customers of two tables, joined by id; what can't be joined is counted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from inference.scoring.artifact import Artifact
from model.errors import DataError
from model.outcomes.reading import Columns, read_scores, read_truth
from model.reading.table import Table

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Customers:
    """Customers with a score and an outcome, in one order.

    Attributes:
        probability: of leaving, as it was predicted.
        flagged: whether it reached the threshold.
        left: 1 for who left, 0 for who stayed.
        treated: whether an offer was made; None where that isn't known of anyone.
    """

    probability: Floats
    flagged: Mask
    left: npt.NDArray[np.int64]
    treated: Mask | None

    def select(self, mask: Mask) -> "Customers":
        """Return some of the customers."""
        treated = None if self.treated is None else self.treated[mask]
        return Customers(self.probability[mask], self.flagged[mask], self.left[mask], treated)


def join_outcomes(
    scored: Table, truth: Table, artifact: Artifact, columns: Columns
) -> tuple[Customers, dict[str, int]]:
    """Return the customers of whom all is known, and counts of what could be joined and what not.

    An id that is blank, or stands in several rows of its table, can't be joined.

    Args:
        scored: what `score` or a bulk run wrote: id, churn_probability, churn_label.
        truth: id, outcome, and whether the customer was made an offer.
        artifact: the model that scored; it says what id and outcome are called.
        columns: what overrules it.

    Raises:
        DataError: a column is absent or can't be read, or no customer is in both.
    """
    scores, outcomes = read_scores(scored, artifact, columns), read_truth(truth, artifact, columns)
    left, right = _drop_unclear_ids(scores), _drop_unclear_ids(outcomes)
    both = left.merge(right, on="id")
    if both.empty:
        raise DataError(f"no id of {scored.name} is in {truth.name}; is it the same column?")
    known = both.dropna()
    treated = known["treated"].to_numpy(dtype=bool) if columns.treated else None
    return Customers(
        known["probability"].to_numpy(dtype=np.float64),
        known["flagged"].to_numpy(dtype=bool),
        known["left"].to_numpy(dtype=np.int64),
        treated,
    ), {
        "scored": len(scores),
        "with_outcome": len(outcomes),
        "unclear_ids": len(scores) - len(left) + len(outcomes) - len(right),
        "without_outcome": len(left) - len(both),
        "never_scored": len(right) - len(both),
        "blank": len(both) - len(known),
        "joined": len(known),
    }


def _drop_unclear_ids(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["id"].notna() & ~frame["id"].duplicated(keep=False)]
