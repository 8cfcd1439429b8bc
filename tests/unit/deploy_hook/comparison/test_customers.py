import json

import pytest

from comparison.customers import make_up_customers, spoil

FEATURES = [
    {"name": "tenure", "kind": "number", "blank": 29.0, "min": 0.0, "max": 72.0},
    {"name": "charges", "kind": "number", "blank": 70.5, "min": 18.25, "max": 118.75},
    {"name": "contract", "kind": "category", "blank": "Two year", "categories": ["Two year", "x"]},
]


def test_customers_lie_within_what_training_saw():
    customers = make_up_customers(FEATURES, 500)

    assert len(customers) == 500
    assert {type(customer["tenure"]) for customer in customers} == {int}
    assert all(0 <= customer["tenure"] <= 72 for customer in customers)
    assert all(18.25 <= customer["charges"] <= 118.75 for customer in customers)
    assert {customer["contract"] for customer in customers} == {"Two year", "x"}


def test_customers_are_the_same_each_time():
    assert make_up_customers(FEATURES, 5) == make_up_customers(FEATURES, 5)


@pytest.mark.parametrize("blank", [-4.5, None])
def test_number_without_a_range_is_drawn_around_its_blank(blank):
    feature = {"name": "age", "kind": "number", "blank": blank}

    ages = [customer["age"] for customer in make_up_customers([feature], 100)]

    assert 0 <= min(ages) < max(ages) <= 2 * abs(blank or 0) + 1


def test_customers_are_spoilt_in_five_ways():
    tenure, charges, contract = FEATURES
    customer = {"charges": 20.5, "contract": "x", "tenure": 1}

    assert spoil(customer, [contract, charges, tenure]) == [
        customer | {"contract": None},
        {"tenure": 721.0, "charges": 1_188.5, "contract": "never seen in training"},
        customer | {"tenure": [1]},
        {"charges": 20.5, "tenure": 1},
        {"charges": 20.5, "tenure": 1, "contractx": "x"},
    ]


def test_handler_sees_what_is_wrong_with_them(handler):
    """The model's own fields, in the unit tests' model file."""
    model = json.loads(handler({"rawPath": "/model", "requestContext": METHOD})["body"])
    (customer,) = make_up_customers(model["features"], 1)

    answer = json.loads(handler({"records": spoil(customer, model["features"])})["body"])

    faults = [(error["record"], error["field"]) for error in answer["errors"]]
    assert faults == [(2, "paperless"), (3, "tenure"), (4, "tenure")]
    assert {warning["record"] for warning in answer["warnings"]} == {0, 1}


METHOD = {"http": {"method": "GET", "path": "/model"}}
