"""Which rows of a table are there twice: the same in every column, id and target included."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.reading.table import Table


def group_rows(table: Table) -> npt.NDArray[np.int64] | None:
    """Return a number per row, the same for rows that are the same in every column, or None.

    Groups are numbered by first appearance; None says that all rows differ.
    """
    groups = np.zeros(table.rows, dtype=np.int64)
    for column in table.columns:
        groups, found = pd.factorize(groups * len(column.distinct) + column.codes)
        if len(found) == table.rows:
            return None
    return groups.astype(np.int64)


def count_repeated(groups: npt.NDArray[np.int64] | None) -> int:
    """Return how many rows repeat an earlier one."""
    return 0 if groups is None else len(groups) - len(np.unique(groups))
