"""Which rows of a table are there twice: the same in every column, id and target included."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.table.csv_table import CsvTable


def group_rows(table: CsvTable) -> npt.NDArray[np.int64] | None:
    """Return a number per row, the same for rows that are the same in every column, or None.

    Groups are numbered by first appearance; None says that all rows differ.
    """
    rows = len(table.lines)
    groups = np.zeros(rows, dtype=np.int64)
    for column in table.columns:
        codes, texts = pd.factorize(np.array(column.values, dtype=object))
        groups, found = pd.factorize(groups * len(texts) + codes)
        if len(found) == rows:
            return None
    return groups.astype(np.int64)


def count_repeated(groups: npt.NDArray[np.int64] | None) -> int:
    """Return how many rows repeat an earlier one."""
    return 0 if groups is None else len(groups) - len(np.unique(groups))
