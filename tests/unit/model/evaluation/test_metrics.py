import math

import numpy as np
import pytest

from model.evaluation.metrics import measure, top_decile_lift


def test_figures_are_those_worked_out_by_hand():
    target = np.array([1, 0, 1, 0])
    probabilities = np.array([0.8, 0.6, 0.4, 0.2])

    figures = measure(target, probabilities)

    assert figures == pytest.approx(
        {
            "auc": 3 / 4,  # of 4 pairs, only (0.4, 0.6) is the wrong way round
            "average_precision": (1 + 2 / 3) / 2,
            "brier": (0.04 + 0.36 + 0.36 + 0.04) / 4,
            "log_loss": -(2 * math.log(0.8) + 2 * math.log(0.4)) / 4,
            "top_decile_lift": 2,  # the one customer on top has left; half of all have
        }
    )
    assert list(map(type, figures.values())) == [float] * 5


@pytest.mark.parametrize(
    ("target", "probabilities", "lift"),
    [
        # 20 customers, 4 of them leavers: rate 0.2; the top decile holds 2
        ([1, 1] + [0] * 16 + [1, 1], np.linspace(1, 0, 20), 5),
        ([1, 0] + [0] * 15 + [1] * 3, np.linspace(1, 0, 20), 2.5),
        ([0, 0] + [1] * 4 + [0] * 14, np.linspace(1, 0, 20), 0),
        # a leaver on top, then 4 tied for the one place left, 1 of them a leaver
        ([1] + [1, 0, 0, 0] + [1, 1] + [0] * 13, [0.9] + [0.8] * 4 + [0.1] * 15, 1.25 / 2 / 0.2),
        # all tied: no better than anyone
        ([1] * 4 + [0] * 16, [0.5] * 20, 1),
        # 11 customers: a tenth is 1.1, so 2 of them
        ([1, 0] + [1] + [0] * 8, np.linspace(1, 0, 11), 0.5 / (2 / 11)),
    ],
    ids=["all leavers", "half", "none", "tie at the end", "all tied", "rounded up"],
)
def test_lift_counts_leavers_in_the_top_tenth(target, probabilities, lift):
    found = top_decile_lift(np.array(target), np.array(probabilities))

    assert found == pytest.approx(lift)


def test_lift_does_not_depend_on_the_order_of_the_rows():
    rng = np.random.default_rng(4)
    target = rng.integers(0, 2, 57)
    probabilities = rng.integers(0, 5, 57) / 5
    order = rng.permutation(57)

    assert top_decile_lift(target[order], probabilities[order]) == pytest.approx(
        top_decile_lift(target, probabilities)
    )
