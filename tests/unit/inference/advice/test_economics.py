import random
from itertools import combinations
from math import inf, nan

import pytest

from inference.advice.economics import expected_gain, rank_offers, read_economics, value_offers
from inference.errors import BodyError

TOLERANCE = 1e-9  # of an amount of money
FIGURES = {"value": 600, "cost": 50, "success": 0.3}


@pytest.mark.parametrize(
    ("probability", "gain"),
    [
        pytest.param(1.0, 0.3 * 550, id="churner: three of ten stay, and only these use the offer"),
        pytest.param(0.0, -50.0, id="who stays anyway takes it too"),
        pytest.param(0.4, 0.4 * 165 - 0.6 * 50, id="between"),
        pytest.param(50 / 215, 0.0, id="break-even: cost / (success (value - cost) + cost)"),
    ],
)
def test_gain_by_hand(probability, gain):
    assert expected_gain(probability, **FIGURES) == pytest.approx(gain, abs=TOLERANCE)


def test_offer_is_ranked_by_gain_and_only_made_where_it_earns():
    gains = [12.0, None, -3.0, 40.0, 0.0, 12.0]

    offers = rank_offers(gains, cost=50, budget=None)

    assert offers == {"records": [3, 0, 5], "spend_at_most": 150, "expected_gain": 64.0}


@pytest.mark.parametrize(
    ("budget", "records"),
    [(0, []), (49.99, []), (50, [3]), (99.99, [3]), (100, [3, 0]), (150, [3, 0, 5]), (1e12, 3)],
)
def test_budget_says_where_to_stop(budget, records):
    offers = rank_offers([12.0, None, -3.0, 40.0, 0.0, 11.0], cost=50, budget=budget)

    assert offers["records"] == (records if records != 3 else [3, 0, 5])
    assert offers["spend_at_most"] <= budget


def test_budget_of_three_offers_pays_for_three_in_binary_too():
    assert rank_offers([1.0] * 5, cost=0.1, budget=0.3)["records"] == [0, 1, 2]


def test_free_offers_need_no_budget():
    offers = rank_offers([3.0, 1.0], cost=0, budget=0)

    assert offers == {"records": [0, 1], "spend_at_most": 0, "expected_gain": 4.0}


@pytest.mark.parametrize("round_", range(20))
def test_no_other_choice_of_customers_earns_more(round_):
    seed = random.randrange(2**32)
    print(f"seed {seed}, round {round_}")
    draw = random.Random(seed)
    value, cost, success = draw.uniform(0, 900), draw.uniform(1, 90), draw.random()
    budget = draw.choice([None, draw.uniform(0, 10 * cost)])
    gains = [expected_gain(draw.random(), value, cost, success) for _ in range(9)]

    offers = rank_offers(gains, cost, budget)

    affordable = [
        chosen
        for size in range(10)
        if budget is None or size * cost <= budget
        for chosen in combinations(range(9), size)
    ]
    best = max(sum(gains[record] for record in chosen) for chosen in affordable)
    assert offers["expected_gain"] == pytest.approx(best, abs=TOLERANCE)
    chosen = offers["records"]
    assert sum(gains[record] for record in chosen) == pytest.approx(best, abs=TOLERANCE)
    assert tuple(sorted(chosen)) in affordable


def test_members_of_the_answer():
    answer = value_offers(None, FIGURES | {"budget": 60}, [0.9, None, 0.1, 0.5])

    gains = [0.9 * 165 - 0.1 * 50, None, 0.1 * 165 - 0.9 * 50, 0.5 * 165 - 0.5 * 50]
    assert answer == {
        "expected_gain": [gain if gain is None else pytest.approx(gain) for gain in gains],
        "offers": {"records": [0], "spend_at_most": 50, "expected_gain": pytest.approx(143.5)},
    }


def test_request_overrules_the_models_figures():
    stated = value_offers(FIGURES, {"success": 0.6}, [0.5])

    assert stated == value_offers(None, FIGURES | {"success": 0.6}, [0.5])


@pytest.mark.parametrize("default", [None, {}], ids=["absent", "empty"])
@pytest.mark.parametrize("name", ["value", "cost", "success"])
def test_figure_that_nobody_states_is_named(default, name):
    stated = {other: figure for other, figure in FIGURES.items() if other != name}

    with pytest.raises(BodyError) as refusal:
        value_offers(default, stated, [0.5])

    assert refusal.value.message == f"economics.{name}: missing; this model's file has no default"


@pytest.mark.parametrize(
    ("value", "figures"),
    [
        (True, {}),
        ({}, {}),
        (FIGURES, FIGURES),
        ({"value": 0, "cost": 0.0, "success": 1, "budget": 1e12},) * 2,
    ],
    ids=["true", "empty", "figures", "limits"],
)
def test_what_is_read(value, figures):
    assert read_economics(value) == figures


OBJECT = "economics: expected an object, or true for what the model file states"
AMOUNT = "expected a number from 0 to 1,000,000,000,000"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, OBJECT),
        (False, OBJECT),
        (1, OBJECT),
        ([], OBJECT),
        ({"sucess": 0.3}, "economics: expected no members but value, cost, success, budget"),
        ({"value": -1}, f"economics.value: {AMOUNT}"),
        ({"value": "600"}, f"economics.value: {AMOUNT}"),
        ({"cost": True}, f"economics.cost: {AMOUNT}"),
        ({"cost": nan}, f"economics.cost: {AMOUNT}"),
        ({"budget": inf}, f"economics.budget: {AMOUNT}"),
        ({"budget": 10**400}, f"economics.budget: {AMOUNT}"),
        ({"success": 1.01}, "economics.success: expected a number from 0 to 1"),
        ({"success": None}, "economics.success: expected a number from 0 to 1"),
    ],
)
def test_what_is_refused(value, message):
    with pytest.raises(BodyError) as refusal:
        read_economics(value)

    assert refusal.value.message == message
