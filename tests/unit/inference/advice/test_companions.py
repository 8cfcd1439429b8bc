import pytest

from inference.advice.companions import read_companions, settle
from inference.errors import ArtifactError
from inference.scoring.records import UNSEEN


def describe(name, *categories, blank=None):
    return {"name": name, "kind": "category", "categories": list(categories), "blank": blank}


FEATURES = [
    {"name": "tenure", "kind": "number", "blank": None},
    describe("phone", "no", "yes", blank="yes"),
    describe("internet", "cable", "fibre", "none", blank="fibre"),
    describe("support", "no internet", "no", "yes", blank="no"),
]
# Counted: phone 0 and 1, internet 2 to 4, support 5 to 7. Without internet there is but "no
# internet" as support, which nobody has with internet; without a phone there is but cable.
APART = [[[4], [6, 7]], [[5], [2, 3]], [[0], [3, 4, 5]]]


@pytest.fixture
def companions():
    return read_companions({"features": FEATURES, "companions": {"apart": APART}})


@pytest.mark.parametrize(
    "schema",
    [{}, {"companions": {}}, {"companions": [[1, 0, [[2, 0]]]]}],
    ids=["no member", "an empty one", "the former list"],
)
def test_model_file_without_them_limits_nothing(schema):
    assert read_companions({"features": FEATURES} | schema) == {}


def test_they_are_read_by_name_what_a_blank_becomes_first(companions):
    assert companions[(2, "none")] == {1: ["yes"], 3: ["no internet"]}
    assert companions[(3, "yes")] == {2: ["fibre", "cable"]}


def test_two_values_of_a_feature_may_stand_on_both_sides():
    # None and "no internet" against all that needs internet.
    read = read_companions(
        {"features": FEATURES, "companions": {"apart": [[[4, 5], [2, 3, 6, 7]]]}}
    )

    assert read == {
        (2, "cable"): {3: ["no", "yes"]},
        (2, "fibre"): {3: ["no", "yes"]},
        (2, "none"): {3: ["no internet"]},
        (3, "no internet"): {2: ["none"]},
        (3, "no"): {2: ["fibre", "cable"]},
        (3, "yes"): {2: ["fibre", "cable"]},
    }


@pytest.mark.parametrize(
    "listed",
    [
        *([[[4], [8]]], [[[-1], [2]]], [[[4], []]], [[[4]]], [[[4], [6], [7]]]),
        *([[4, 6]], [[[4.0], [6]]], [["4", [6]]], 7),
    ],
    ids=[
        *("after the last", "below the first", "nothing", "one list", "three lists"),
        *("no lists", "a fraction", "a text", "a number"),
    ],
)
def test_what_names_no_category_is_refused(listed):
    with pytest.raises(ArtifactError, match=r"^companions: expected places of the schema's"):
        read_companions({"features": FEATURES, "companions": {"apart": listed}})


def test_what_is_no_object_is_refused():
    with pytest.raises(ArtifactError, match=r"^companions: expected places of the schema's"):
        read_companions({"features": FEATURES, "companions": 7})


@pytest.mark.parametrize(
    ("values", "chosen", "settled"),
    [
        (("yes", "cable", "no"), {2: "fibre"}, {2: "fibre"}),
        (("yes", "cable", "no"), {2: "none"}, {2: "none", 3: "no internet"}),
        (("no", "cable", "yes"), {2: "fibre"}, {1: "yes", 2: "fibre"}),
        (("yes", "none", "no internet"), {3: "yes"}, {2: "fibre", 3: "yes"}),
        (("yes", "fibre", "yes"), {3: "no internet"}, {2: "none", 3: "no internet"}),
        (("yes", "none", "no internet"), {1: "no"}, {1: "no", 2: "cable", 3: "no"}),
        (("yes", "none", "no internet"), {1: "no", 3: "yes"}, {1: "no", 2: "cable", 3: "yes"}),
        (("yes", "cable", "no"), {1: "no", 2: "none"}, None),
        (("yes", UNSEEN, "no"), {3: "no internet"}, {3: "no internet"}),
        (("yes", "cable", "no"), {0: 1.5}, {0: 1.5}),
    ],
    ids=[
        *("goes with all", "brings one along", "brings an earlier one", "the most frequent"),
        *("where it follows itself", "two, one by one", "the first that goes with both"),
        *("two that never go together", "unseen", "a number"),
    ],
)
def test_change_brings_along_what_it_needs(companions, values, chosen, settled):
    assert settle(companions, (10.0, *values), chosen) == settled


def test_dead_end_is_no_change():
    # A at 1 needs B and C to be 1, which never go together.
    features = [describe(name, *"0123") for name in "ABC"]
    apart = [[[1], [4, 6, 7, 8, 10, 11]], [[5], [9]]]
    companions = read_companions({"features": features, "companions": {"apart": apart}})

    assert settle(companions, ("0", "0", "0"), {0: "1"}) is None
