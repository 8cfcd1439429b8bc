import re

import numpy as np
import pytest

from model.inspection.time_findings import find_drift
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.dataset import build_dataset

ROWS = 1_000
TRAINED = np.arange(800)


def dataset_of(*, drifts, options):
    """Customers of a thousand days; with a drift, what makes them leave is reversed at the end."""
    rng = np.random.default_rng(4)
    fee = rng.normal(0, 1, ROWS)
    sign = np.where(np.arange(ROWS) >= ROWS * 4 // 5, -1, 1) if drifts else 1
    churn = sign * fee + rng.normal(0, 0.5, ROWS) > 0
    lines = [
        "day,fee,Churn",
        *(f"{d},{f},{int(c)}" for d, (f, c) in enumerate(zip(fee, churn, strict=True))),
    ]
    return build_dataset(parse_table("t.csv", "\n".join(lines).encode()), options)


def aucs_of(line):
    return [float(figure) for figure in re.findall(r"(?:AUC of|by lot) (0\.\d{4})", line)]


@pytest.mark.parametrize("drifts", [True, False])
def test_test_on_later_rows_is_held_against_one_on_rows_drawn_by_lot(drifts):
    dataset = dataset_of(drifts=drifts, options=ColumnOptions(time="day"))

    (line,) = find_drift(dataset, TRAINED)

    later, drawn = aucs_of(line)
    assert line.startswith('tested on the latest 200 customers by "day", as in production')
    assert (later < 0.3) == drifts
    assert drawn > 0.6
    assert (f"{drawn - later:.4f} worse" in line) == (drawn > later)


def test_nothing_is_said_without_a_column_of_time():
    assert list(find_drift(dataset_of(drifts=True, options=INFER_ALL), TRAINED)) == []
