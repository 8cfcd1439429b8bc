from itertools import product

import numpy as np
import pandas as pd
import pytest

from model.export.companions import find_companions

SERVICES = ("no internet", "no", "yes")


def describe(name, *categories, changeable=True):
    return {
        "name": name,
        "kind": "category",
        "categories": list(categories),
        "changeable": changeable,
    }


def number(name):
    return {"name": name, "kind": "number", "changeable": True}


def table(counts, *names):
    """Return a table with as many rows of each combination as the counts say."""
    rows = [cells for cells, count in counts.items() for _ in range(count)]
    return pd.DataFrame(rows, columns=list(names))


@pytest.fixture
def services():
    counts = {("dsl", "no"): 30, ("dsl", "yes"): 50, ("none", "no internet"): 20}
    return table(counts, "internet", "support")


def test_what_never_goes_together_by_hand(services):
    features = [
        number("charges"),
        describe("internet", "dsl", "none"),
        describe("support", *SERVICES),
    ]

    found = find_companions(features, services.assign(charges=1.0))

    # None of the six pairs is of chance: of 100 rows, 16 are expected with dsl and no internet,
    # 6 and 10 with none and the others; 6.4 are asked for.
    assert found == [
        (1, 0, [[2, 2, 1]]),
        (1, 1, [[2, 0, 1]]),
        (2, 0, [[1, 1]]),
        (2, 2, [[1, 0]]),
    ]


@pytest.mark.parametrize(("count", "is_never"), [(22, False), (24, True)])
def test_pair_that_chance_may_have_left_out_may_go_together(count, is_never):
    # Half of the rows each, never together: a quarter of all is expected where none is, and
    # ln(4 / 0.01), some 5.99, are asked for.
    counts = {("a", "x"): count // 2, ("b", "y"): count // 2}
    features = [describe("one", "a", "b"), describe("two", "x", "y")]

    found = find_companions(features, table(counts, "one", "two"))

    assert bool(found) == is_never


def test_made_up_independent_tables_have_none():
    rng = np.random.default_rng(1)
    mistaken = 0
    for _ in range(100):
        frame = pd.DataFrame(
            {name: rng.choice(list("abcdef"), 400, p=SKEWED) for name in ("one", "two", "three")}
        )
        features = [describe(name, *"abcdef") for name in frame]
        mistaken += bool(find_companions(features, frame))

    assert mistaken <= 1  # of 100 tables, as ERROR_RATE says


SKEWED = (0.4, 0.3, 0.15, 0.1, 0.04, 0.01)


def test_only_what_may_change_is_limited(services):
    features = [
        describe("internet", "dsl", "none", changeable=False),
        describe("support", *SERVICES),
    ]

    found = find_companions(features, services)

    assert {feature for feature, *_ in found} == {1}


def test_blanks_and_categories_that_are_not_listed_say_nothing(services):
    strange = pd.DataFrame({"internet": ["none", None], "support": [None, "other"]})
    features = [describe("internet", "dsl", "none"), describe("support", *SERVICES)]

    found = find_companions(features, pd.concat([services, strange]))

    assert found == find_companions(features, services)


def test_table_of_all_combinations_has_none():
    frame = pd.DataFrame([*product("ab", "xy")] * 50, columns=["one", "two"])

    assert find_companions([describe("one", *"ab"), describe("two", *"xy")], frame) == []
