import math

import pytest
from threadpoolctl import threadpool_info

from model.fitting.processes import FEW_ROWS, run_side_by_side


def count_threads(_):
    return max(pool["num_threads"] for pool in threadpool_info())


@pytest.mark.parametrize("rows", [10, FEW_ROWS], ids=["few rows", "many rows"])
def test_results_come_in_the_tasks_order(rows):
    with run_side_by_side(rows) as run:
        assert list(run(math.pow, ((base, 2) for base in range(5)))) == [0, 1, 4, 9, 16]
        assert list(run(math.pow, [])) == []


def test_a_call_has_one_thread():
    with run_side_by_side(10) as run:
        assert list(run(count_threads, [(None,)])) == [1]
