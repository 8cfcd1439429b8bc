from collections import Counter

import pytest

from inference.bulk.summary import count_calls, summarize
from inference.bulk.tally import Tally


def test_summary_says_what_the_run_came_to():
    tally = Tally(
        customers=10,
        scored=7,
        churners=3,
        errors={"a: bad": [1, [4]], "b: bad": [2, [5, 6]]},
        warnings=Counter({"a: blank": 1, "b: blank": 5}),
        bins=Counter({0: 2, 49: 1, 50: 1, 950: 1, 999: 1, 1000: 1}),
    )

    summary = summarize({}, tally)

    assert summary == {
        "customers": 10,
        "scored": 7,
        "churners": 3,
        "not_scored": 3,
        "errors": [
            {"message": "b: bad", "rows": 2, "first_rows": [5, 6]},
            {"message": "a: bad", "rows": 1, "first_rows": [4]},
        ],
        "warnings": [{"message": "b: blank", "rows": 5}, {"message": "a: blank", "rows": 1}],
        "histogram": [3, 1, *17 * [0], 3],
    }


@pytest.mark.parametrize(
    ("calls", "probability", "customers"),
    [(1, 1.0, 0), (2, 0.9, 2), (4, 0.9, 2), (5, 0.4, 5), (100, 0.0, 9)],
)
def test_reach_is_the_lowest_probability_with_no_more_customers(calls, probability, customers):
    tally = Tally(bins=Counter({900: 2, 400: 3, 0: 4}))

    summary = summarize({"calls": calls}, tally)

    expected = {"calls": calls, "probability": probability, "customers": customers}
    assert summary["reach"] == expected


@pytest.mark.parametrize(
    ("options", "calls"),
    [
        ({}, None),
        ({"calls": 7}, 7),
        ({"economics": {"cost": 0.1, "budget": 0.3}}, 3),
        ({"economics": {"cost": 0.1, "budget": 0.3}, "calls": 2}, 2),
        ({"economics": {"cost": 0, "budget": 0.3}}, None),
        ({"economics": {"cost": 5}}, None),
    ],
)
def test_calls_are_what_the_run_names_or_its_budget_pays_for(options, calls):
    assert count_calls(options) == calls
