from itertools import product

import numpy as np
import pandas as pd
import pytest

from model.export.companions import find_companions
from model.export.ranges import is_price


def describe(name, *categories, changeable=True):
    spec = {"name": name, "kind": "category" if categories else "number", "changeable": changeable}
    return spec | ({"categories": list(categories)} if categories else {})


CHARGES = describe("MonthlyCharges", changeable=False)
INTERNET = describe("internet", "dsl", "none")


@pytest.fixture
def customers():
    """Return 100 with internet who pay 30 to 79.5, and 100 without who pay 10 to 29.8."""
    charges = [*(30 + 0.5 * n for n in range(100)), *(10 + 0.2 * n for n in range(100))]
    return pd.DataFrame({"MonthlyCharges": charges, "internet": ["dsl"] * 100 + ["none"] * 100})


def test_ends_by_hand(customers):
    found = find_companions([CHARGES, INTERNET], customers)

    # Half of all lie below 30, half above 29.8: 50 of the 100 on either side by chance.
    assert found == {"ranges": [(0, True, [(0, 30.0)], [(1, pytest.approx(29.8))])]}


def test_end_that_few_lie_beyond_is_not_stated(customers):
    customers.loc[:, "internet"] = ["dsl"] * 191 + ["none"] * 9  # who pay 28.2 to 29.8

    assert find_companions([CHARGES, INTERNET], customers) == {}


@pytest.mark.parametrize(("beyond", "is_stated"), [(49, False), (50, True)])
def test_a_twentieth_has_to_lie_beyond(beyond, is_stated):
    charges = [*range(1000)]
    internet = ["none"] * (1000 - beyond) + ["dsl"] * beyond
    customers = pd.DataFrame({"MonthlyCharges": charges, "internet": internet})

    _, _, _, highs = find_companions([CHARGES, INTERNET], customers)["ranges"][0]

    assert highs == ([(1, 999.0 - beyond)] if is_stated else [])


def test_what_another_feature_says_is_not_said_again(customers):
    customers["support"] = ["no", "yes"] * 50 + ["no internet"] * 100
    support = describe("support", "no", "no internet", "yes")
    customers.loc[1, "MonthlyCharges"] = 40.0  # of support, the least are 30 and 31.5

    found = find_companions([CHARGES, INTERNET, support], customers)

    # dsl says it of no support, too; none of "no internet"; support begins at 31.5 only.
    assert found["ranges"] == [(0, True, [(0, 30.0), (4, 31.5)], [(1, pytest.approx(29.8))])]


def test_made_up_independent_tables_have_none():
    rng = np.random.default_rng(2)
    features = [
        describe("price"),
        describe("size"),
        describe("one", *"abc"),
        describe("two", *"de"),
    ]
    mistaken = 0
    for _ in range(100):
        frame = pd.DataFrame(
            {
                "price": rng.uniform(size=500),
                "size": rng.integers(0, 20, 500),
                "one": rng.choice(list("abc"), 500, p=(0.9, 0.08, 0.02)),
                "two": rng.choice(list("de"), 500),
            }
        )
        mistaken += bool(find_companions(features, frame))

    assert mistaken <= 1  # of 100 tables, as ERROR_RATE says


@pytest.mark.parametrize(("charges", "internet"), [*product((False, True), repeat=2)])
def test_number_or_category_has_to_be_changeable(customers, charges, internet):
    features = [
        describe("MonthlyCharges", changeable=charges),
        describe("internet", "dsl", "none", changeable=internet),
    ]

    assert bool(find_companions(features, customers)) == (charges or internet)


@pytest.mark.parametrize(("changeable", "may_follow"), [(False, False), (True, True)])
def test_number_that_is_no_price_follows_where_it_may_change(customers, changeable, may_follow):
    features = [describe("tenure", changeable=changeable), INTERNET]

    ((_, follows, *_),) = find_companions(
        features, customers.rename(columns={"MonthlyCharges": "tenure"})
    )["ranges"]

    assert follows == may_follow


def test_blanks_say_nothing(customers):
    strange = pd.DataFrame({"MonthlyCharges": [np.nan, 5.0], "internet": ["none", None]})

    found = find_companions([CHARGES, INTERNET], pd.concat([customers, strange]))

    assert found == find_companions([CHARGES, INTERNET], customers)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("MonthlyCharges", True), ("charge_amount", True), ("Price (EUR)", True), ("fee", True)),
        *(("rates", True), ("TotalCharges", False), ("charges_last_year", False)),
        *(("tenure", False), ("current", False), ("billboard", False), ("", False)),
    ],
)
def test_price_is_known_by_its_name(name, expected):
    assert is_price(name) == expected
