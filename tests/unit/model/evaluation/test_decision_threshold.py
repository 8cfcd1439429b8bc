import numpy as np
import pytest
from sklearn.metrics import f1_score

from inference.advice.economics import expected_gain
from model.errors import ModelError
from model.evaluation.decision_threshold import choose_threshold, parse_economics

TARGET = np.array([1, 1, 0, 1, 0, 0])
PROBABILITIES = np.array([0.9, 0.7, 0.6, 0.4, 0.3, 0.1])
ECONOMICS = {"value": 600.0, "cost": 50.0, "success": 0.3}


def test_one_half_looks_at_nothing():
    assert choose_threshold("0.5", TARGET[:0], PROBABILITIES[:0]) == 0.5


def test_f1_is_best_where_it_is_by_hand():
    # F1 from the top: 2/4, 4/5, 4/6, 6/7, 6/8, 6/9
    assert choose_threshold("f1", TARGET, PROBABILITIES) == 0.4


@pytest.mark.parametrize(
    ("economics", "threshold"),
    [
        # a churner earns 0.3 * 550 = 165, another costs 50: 165, 330, 280, 445, 395, 345
        (ECONOMICS, 0.4),
        # a churner earns 0.1 * 500 = 50, another costs 100: 50, 100, 0, 50, -50, -150
        ({"value": 600.0, "cost": 100.0, "success": 0.1}, 0.7),
        # a churner earns 0.5 * 100 = 50, another costs 50: 50, 100, 50, 100, …; the first of equals
        ({"value": 150.0, "cost": 50.0, "success": 0.5}, 0.7),
    ],
    ids=["dear customers", "dear offers", "equal profits"],
)
def test_profit_is_best_where_it_is_by_hand(economics, threshold):
    assert choose_threshold("profit", TARGET, PROBABILITIES, economics) == threshold


def test_tied_customers_are_contacted_together():
    target = np.array([1, 0, 0, 1])
    probabilities = np.array([0.5, 0.5, 0.5, 0.2])

    # 0.5 earns 165 - 2 * 50 = 65; 0.2 earns 230
    assert choose_threshold("profit", target, probabilities, ECONOMICS) == 0.2


@pytest.mark.parametrize("seed", range(5))
def test_no_other_threshold_is_better(seed):
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)
    probabilities = rng.integers(1, 30, 200) / 30
    target = (rng.random(200) < probabilities).astype(np.int64)

    f1 = choose_threshold("f1", target, probabilities)
    profit = choose_threshold("profit", target, probabilities, ECONOMICS)

    cuts = np.unique(probabilities)
    assert f1_score(target, probabilities >= f1) == max(
        f1_score(target, probabilities >= cut) for cut in cuts
    )
    assert _profit(target, probabilities, profit) == pytest.approx(
        max(_profit(target, probabilities, cut) for cut in cuts)
    )


def test_profit_needs_economics():
    with pytest.raises(ModelError) as caught:
        choose_threshold("profit", TARGET, PROBABILITIES)

    assert str(caught.value) == "--threshold profit: say --economics VALUE,COST,SUCCESS"


def test_an_offer_that_never_pays_is_refused():
    with pytest.raises(ModelError) as caught:
        choose_threshold(
            "profit", 1 - TARGET, PROBABILITIES, {"value": 60, "cost": 50, "success": 0.1}
        )

    assert str(caught.value) == "--threshold profit: with these economics no offer earns anything"


def test_economics_are_read_from_three_numbers():
    assert parse_economics("600, 50,0.3") == ECONOMICS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("600,50", "expected VALUE,COST,SUCCESS, such as 600,50,0.3"),
        ("600,50,0.3,1", "expected VALUE,COST,SUCCESS, such as 600,50,0.3"),
        ("much,50,0.3", "expected VALUE,COST,SUCCESS, such as 600,50,0.3"),
        ("50,50,0.3", "expected a cost above 0, and a value above the cost"),
        ("600,0,0.3", "expected a cost above 0, and a value above the cost"),
        ("inf,50,0.3", "expected a cost above 0, and a value above the cost"),
        ("nan,50,0.3", "expected a cost above 0, and a value above the cost"),
        ("600,50,0", "expected a share of successes above 0 and up to 1"),
        ("600,50,30", "expected a share of successes above 0 and up to 1"),
        ("600,50,nan", "expected a share of successes above 0 and up to 1"),
    ],
)
def test_other_economics_are_refused(text, message):
    with pytest.raises(ValueError, match="expected") as caught:
        parse_economics(text)

    assert str(caught.value) == message


def _profit(target, probabilities, cut):
    # What the API promises for certain churners and certain stayers.
    contacted = target[probabilities >= cut]
    return sum(expected_gain(float(left), **ECONOMICS) for left in contacted)
