import numpy as np
import pytest

from model.evaluation.campaign import find_break_even, sum_profit

ECONOMICS = {"value": 600.0, "cost": 50.0, "success": 0.3}


def test_profit_is_what_is_won_back_less_the_offers_that_are_taken():
    # 3 * 0.3 * (600 - 50) - 4 * 50, and for no offer at all
    assert sum_profit(np.array([3, 0]), np.array([4, 0]), ECONOMICS).tolist() == [295.0, 0.0]


def test_offer_pays_from_where_gains_and_costs_are_equal():
    # p * 0.3 * 550 = (1 - p) * 50
    assert find_break_even(ECONOMICS) == pytest.approx(50 / 215, rel=1e-15)


@pytest.mark.parametrize("change", [{"success": 0.0}, {"value": 50.0}], ids=["in vain", "no worth"])
def test_offer_that_wins_nothing_pays_nowhere(change):
    assert find_break_even(ECONOMICS | change) is None
