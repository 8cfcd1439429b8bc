import pytest

from inference.advice.companions import read_companions, settle
from inference.errors import ArtifactError
from inference.scoring.records import UNSEEN

FEATURES = [
    {"name": "tenure", "kind": "number"},
    {"name": "phone", "kind": "category", "categories": ["no", "yes"]},
    {"name": "internet", "kind": "category", "categories": ["cable", "fibre", "none"]},
    {"name": "support", "kind": "category", "categories": ["no internet", "no", "yes"]},
]
COMPANIONS = [
    (1, 0, [[2, 0], [3, 1, 2]]),
    (2, 0, [[3, 1, 2]]),
    (2, 1, [[1, 1], [3, 2, 1]]),
    (2, 2, [[1, 1], [3, 0]]),
    (3, 0, [[1, 1], [2, 2]]),
    (3, 1, [[2, 0, 1]]),
    (3, 2, [[2, 1, 0]]),
]


@pytest.fixture
def companions():
    return read_companions({"features": FEATURES, "companions": COMPANIONS})


def test_model_file_without_them_limits_nothing():
    assert read_companions({"features": FEATURES}) == {}


def test_they_are_read_by_name(companions):
    assert companions[(2, "none")] == {1: ["yes"], 3: ["no internet"]}


@pytest.mark.parametrize(
    "listed",
    [
        [(4, 0, [[2, 0]])],
        [(2, 3, [[1, 1]])],
        [(2, 0, [[3, 3]])],
        [(2, 0, [[0, 0]])],
        [(-1, 0, [[2, 0]])],
        [(2, -1, [[1, 0]])],
        [(2, 0, [[3]])],
        [(2, 0)],
        [(2.0, 0, [[3, 0]])],
        7,
    ],
    ids=[
        *("no feature", "no category", "no other category", "a number", "below the first"),
        *("category below the first", "nothing", "short", "a fraction", "no list"),
    ],
)
def test_what_fits_no_feature_is_refused(listed):
    with pytest.raises(ArtifactError, match=r"^companions: expected features and categories of"):
        read_companions({"features": FEATURES, "companions": listed})


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
    # A needs B to be 1 or 2, and C to be 1; C at 1 needs B to be 3.
    features = [{"name": n, "kind": "category", "categories": list("0123")} for n in "ABC"]
    listed = [(0, 1, [[2, 1], [1, 1, 2]]), (2, 1, [[1, 3]])]
    companions = read_companions({"features": features, "companions": listed})

    assert settle(companions, ("0", "0", "0"), {0: "1"}) is None


def test_follower_that_clashes_with_what_was_settled_is_no_change():
    # A needs B to be 1, then C to be 1; C at 1 doesn't go with that.
    features = [{"name": n, "kind": "category", "categories": list("01")} for n in "ABC"]
    listed = [(0, 1, [[1, 1]]), (1, 1, [[2, 1]]), (2, 1, [[1, 0]])]
    companions = read_companions({"features": features, "companions": listed})

    assert settle(companions, ("0", "0", "0"), {0: "1"}) is None
