from itertools import combinations, product
from math import log

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

    # Of 100 rows, 16 are expected with dsl and no internet, 6 and 10 with none and the others;
    # 6.4 are asked for. Values are counted: dsl 0, none 1, no internet 2, no 3, yes 4.
    assert found == {"apart": [([0], [2]), ([1], [4])]}


def test_values_that_exclude_the_same_ones_share_lists():
    rows = [("dsl", a, b, c) for a, b, c in product(("no", "yes"), repeat=3)]
    rows += [("none", *["no internet"] * 3)] * 4
    frame = pd.DataFrame(rows * 20, columns=["internet", "one", "two", "three"])
    features = [
        describe("internet", "dsl", "none"),
        *(describe(name, *SERVICES) for name in ("one", "two", "three")),
    ]

    (these, those), *others = find_companions(features, frame)["apart"]

    # none and the three "no internet" against dsl and three times "no" and "yes"
    assert sorted([these, those]) == [[0, 3, 4, 6, 7, 9, 10], [1, 2, 5, 8]]
    assert others == []


def test_lists_name_each_pair_that_never_goes_together_and_no_other():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.choice(list("abcd"), (20_000, 5)), columns=list("vwxyz"))
    for _ in range(40):  # pairs of values that are made to never go together
        (one, other), (first, second) = (
            rng.choice(list("vwxyz"), 2, False),
            rng.choice([*"abcd"], 2),
        )
        frame = frame[(frame[one] != first) | (frame[other] != second)]
    features = [describe(name, *"abcd") for name in frame]
    counted = [(name, text) for name in frame for text in "abcd"]
    present = {value: frame[value[0]] == value[1] for value in counted}

    found = find_companions(features, frame)["apart"]

    named = {
        frozenset({counted[one], counted[other]})
        for these, those in found
        for one, other in product(these, those)
        if counted[one][0] != counted[other][0]
    }
    assert named == {
        frozenset({one, other})
        for one, other in combinations(counted, 2)
        if one[0] != other[0]
        and not (present[one] & present[other]).any()
        and present[one].sum() * present[other].sum() / len(frame) >= EVEN_LEAST
    }


EVEN_LEAST = log(10 * 16 / 0.01)  # ten pairs of features with 16 pairs of values each


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


def test_two_that_may_both_not_change_are_not_limited(services):
    fixed = [
        describe("internet", "dsl", "none", changeable=False),
        describe("support", *SERVICES, changeable=False),
    ]
    one_may = [fixed[0], describe("support", *SERVICES)]

    assert find_companions(fixed, services) == {}
    assert find_companions(one_may, services) == {"apart": [([0], [2]), ([1], [4])]}


def test_blanks_and_categories_that_are_not_listed_say_nothing(services):
    strange = pd.DataFrame({"internet": ["none", None], "support": [None, "other"]})
    features = [describe("internet", "dsl", "none"), describe("support", *SERVICES)]

    found = find_companions(features, pd.concat([services, strange]))

    assert found == find_companions(features, services)


def test_table_of_all_combinations_has_none():
    frame = pd.DataFrame([*product("ab", "xy")] * 50, columns=["one", "two"])

    assert find_companions([describe("one", *"ab"), describe("two", *"xy")], frame) == {}
