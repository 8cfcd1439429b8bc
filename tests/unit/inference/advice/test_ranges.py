from math import inf, nan

import pytest

from inference.advice.ranges import move_numbers, read_ranges
from inference.errors import ArtifactError

FEATURES = [
    {"name": "tenure", "kind": "number", "blank": None},
    {"name": "charges", "kind": "number", "blank": None},
    {"name": "internet", "kind": "category", "categories": ["cable", "fibre", "none"]},
    {"name": "support", "kind": "category", "categories": ["no", "yes"]},
]
# Counted: internet 0 to 2, support 3 and 4.
RANGES = [
    [0, False, [[1, 2.0]], []],
    [1, True, [[1, 60.0], [4, 30.5]], [[2, 26.9], [1, 110.0]]],
]


@pytest.fixture
def ranges():
    return read(RANGES)


def read(listed):
    return read_ranges({"features": FEATURES, "companions": {"ranges": listed}})


@pytest.mark.parametrize("schema", [{}, {"companions": {}}], ids=["no member", "an empty one"])
def test_model_file_without_them_moves_nothing(schema):
    ranges = read_ranges({"features": FEATURES} | schema)

    assert ranges == []
    assert move_numbers(ranges, (1.0, 90.0, "cable", "no"), {2: "none"}) == {2: "none"}


def test_number_that_nothing_limits_stays_below_0_too(ranges):
    assert move_numbers(ranges, (-1.0, -5.0, "fibre", "no"), {2: "cable"}) == {2: "cable"}


def test_they_are_read_by_name(ranges):
    bounds = {(2, "fibre"): (60.0, 110.0), (3, "yes"): (30.5, inf), (2, "none"): (-inf, 26.9)}

    assert ranges == [(0, False, {(2, "fibre"): (2.0, inf)}), (1, True, bounds)]


@pytest.mark.parametrize(
    "listed",
    [
        *([[2, True, [], []]], [[4, True, [], []]], [[-1, True, [], []]]),
        *([[1, True, [[5, 1.0]], []]], [[1, True, [[-1, 1.0]], []]], [[1, True, [], [[-1, 1.0]]]]),
        *([[1, True, [[0, "x"]], []]], [[1, True, [[0]], []]], [[1, True, []]], 7),
    ],
    ids=[
        *("a category", "no feature", "below the first"),
        *("no category", "least below the first", "greatest below the first"),
        *("a text", "no end", "short", "no list"),
    ],
)
def test_what_fits_no_feature_is_refused(listed):
    with pytest.raises(ArtifactError, match=r"^companions: expected ranges of the schema's"):
        read(listed)


def test_what_is_no_object_is_refused():
    with pytest.raises(ArtifactError, match=r"^companions: expected ranges of the schema's"):
        read_ranges({"features": FEATURES, "companions": 7})


@pytest.mark.parametrize(
    ("values", "settled", "moved"),
    [
        ((9.0, 90.0, "cable", "no"), {2: "none"}, {2: "none", 1: 26.9}),
        ((9.0, 20.0, "none", "no"), {2: "fibre"}, {2: "fibre", 1: 60.0}),
        ((9.0, 26.9, "cable", "no"), {2: "none"}, {2: "none"}),
        ((9.0, 60.0, "none", "no"), {2: "fibre"}, {2: "fibre"}),
        ((9.0, 20.0, "cable", "yes"), {2: "fibre"}, {2: "fibre", 1: 60.0}),
        ((9.0, 20.0, "cable", "no"), {2: "fibre", 3: "yes"}, {2: "fibre", 3: "yes", 1: 60.0}),
        ((9.0, 90.0, "cable", "yes"), {2: "none"}, None),
        ((9.0, 90.0, "cable", "no"), {2: "none", 3: "yes"}, None),
        ((1.0, 90.0, "cable", "no"), {2: "fibre"}, None),
        ((nan, nan, "cable", "no"), {2: "none"}, {2: "none"}),
        ((9.0, 20.0, "fibre", "no"), {3: "yes"}, {3: "yes", 1: 60.0}),
        ((9.0, 5.0, "fibre", "no"), {3: "no"}, {3: "no"}),
        ((9.0, 90.0, "fibre", "no"), {1: 100.0}, {1: 100.0}),
        ((9.0, 90.0, "fibre", "no"), {1: 50.0}, None),
        ((9.0, 90.0, "fibre", "no"), {1: 50.0, 2: "cable"}, {1: 50.0, 2: "cable"}),
        ((9.0, 90.0, "fibre", "no"), {1: 50.0, 2: "none"}, None),
        ((9.0, 20.0, (), "no"), {3: "yes"}, {3: "yes", 1: 30.5}),
    ],
    ids=[
        *("at most", "at least", "at the upper end", "at the lower end", "beside what stays"),
        *("between two", "what stays doesn't go with it", "two that no number goes with"),
        *("may not follow", "missing", "where what stays asks for more", "nothing that holds it"),
        *("chosen", "chosen beside what stays", "chosen with a category that it goes with"),
        *("chosen with another", "beside an unseen category"),
    ],
)
def test_number_moves_to_the_nearest_end(ranges, values, settled, moved):
    assert move_numbers(ranges, values, settled) == moved
