"""What the shadow is asked, what is logged of it, and that it is dropped where it fails."""

import copy
from itertools import pairwise

import pytest

from inference.monitoring.recorder import LINE_S
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from inference.shadow import comparison
from inference.shadow.comparison import MAX_CUSTOMERS, MAX_S, Comparison, SlowShadowError

V2 = "20261125T090000Z-000000000002"


class Slot:
    """A shadow that is there at once; `peeks` counts who asked for it."""

    def __init__(self, artifact):
        self.artifact = artifact
        self.peeks = 0

    def peek(self):
        self.peeks += 1
        return self.artifact

    def drop(self):
        self.artifact = None


@pytest.fixture
def shadow(document, pack):
    changed = copy.deepcopy(document)
    changed["training_meta"]["version"] = V2
    changed["artifact"]["intercept"] = [-1.5]
    return load_artifact(pack(changed))


@pytest.fixture
def slot(shadow):
    return Slot(shadow)


@pytest.fixture
def desk(slot):
    """A comparison of all customers, its log, and the time."""

    class Desk:
        def __init__(self):
            self.lines = []
            self.now_s = 5_000.0
            self.open(1.0)

        def open(self, share):
            self.comparison = Comparison(slot, share, self.lines.append, lambda: self.now_s)

        def compare(self, live, records, header=None):
            if header:
                named = [dict(zip(header, row, strict=True)) for row in records]
                predictions = score_records(live, named).predictions
            else:
                predictions = score_records(live, records).predictions
            self.comparison.compare((live, header, records, predictions))

    return Desk()


def make_records(count, first=0):
    return [
        {"tenure": n % 73, "charges": 20 + n / 100, "contract": "Two year", "paperless": "No"}
        for n in range(first, first + count)
    ]


def test_line_says_how_the_answers_differ(desk, artifact):
    desk.compare(artifact, make_records(150))
    desk.now_s += LINE_S
    desk.compare(artifact, make_records(1, first=150))

    (line,) = desk.lines
    assert (line["event"], line["since"], line["until"]) == ("shadow_differences", 5000, 5060)
    assert (line["model_version"], line["shadow_version"]) == (artifact.version, V2)
    assert (line["customers"], line["not_scored"]) == (151, 0)
    assert sum(line["changes"]) == sum(line["labels"]) == sum(line["live_scores"]) == 151


def test_answers_are_those_that_the_shadow_gives_by_itself(desk, artifact, shadow):
    records = make_records(150)
    pairs = [
        *zip(
            score_records(artifact, records).predictions,
            score_records(shadow, records).predictions,
            strict=True,
        )
    ]
    desk.compare(artifact, records)
    desk.now_s += LINE_S
    desk.compare(artifact, records)

    edges = (-1, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 2)
    changes = [
        sum(low <= abs(live - other) < high for live, other in pairs)
        for low, high in pairwise(edges)
    ]
    (line,) = desk.lines
    assert line["changes"] == changes
    assert line["labels"] == [
        sum((live >= 0.5, other >= 0.5) == case for live, other in pairs)
        for case in ((False, False), (False, True), (True, False), (True, True))
    ]


def test_a_table_is_compared_as_records_are(desk, artifact):
    header = ["paperless", "tenure", "charges", "contract"]
    rows = [["No", str(n % 73), str(20 + n / 100), "Two year"] for n in range(150)]
    desk.compare(artifact, rows, header)
    desk.now_s += LINE_S
    desk.compare(artifact, rows, header)
    desk.compare(artifact, make_records(150))
    desk.now_s += LINE_S
    desk.compare(artifact, make_records(150))

    tables, records = desk.lines
    times = {"since": 0, "until": 0}
    assert tables | times == records | times


@pytest.mark.parametrize(
    ("records", "wait_s"),
    [(make_records(99), LINE_S), (make_records(150), LINE_S - 1), (make_records(1) * 500, LINE_S)],
    ids=["too few", "too early", "one customer again and again"],
)
def test_nothing_is_logged_of(desk, artifact, records, wait_s):
    desk.compare(artifact, records)
    desk.now_s += wait_s
    desk.compare(artifact, records)

    assert desk.lines == []


def test_single_records_add_up_to_a_line(desk, artifact):
    for record in make_records(100):
        assert desk.lines == []
        desk.now_s += 1
        desk.compare(artifact, [record])

    assert [line["customers"] for line in desk.lines] == [100]


@pytest.mark.parametrize(
    ("share", "sizes", "expected"),
    [
        (1.0, [60, 70], 130),
        (0.1, [1] * 1_100, 110),
        (0.1, [905, 505], 91 + 50),
        (0.5, [1_000], 167),  # each sixth, as each second would be more than 200
        (1.0, [10_000], MAX_CUSTOMERS),
    ],
    ids=["all", "of single records", "of two requests", "of many", "of very many"],
)
def test_share_of_the_customers_is_compared(desk, artifact, share, sizes, expected):
    desk.open(share)
    records = make_records(sum(sizes))
    for size in sizes:
        desk.compare(artifact, records[:size])
        del records[:size]

    desk.now_s += LINE_S
    for record in make_records(round(1 / share), first=20_000):  # one of them
        desk.compare(artifact, [record])

    assert [line["customers"] for line in desk.lines] == [expected + 1]


def test_request_without_a_customer_to_compare_asks_for_no_shadow(desk, artifact, slot):
    desk.open(0.01)
    for record in make_records(200):
        desk.compare(artifact, [record])

    assert slot.peeks == 2


def test_customers_that_the_live_model_cannot_score_are_passed_over(desk, artifact):
    bad = [{"tenure": "long"}] * 30
    desk.compare(artifact, bad + make_records(100))
    desk.now_s += LINE_S
    desk.compare(artifact, make_records(1))

    assert [line["customers"] for line in desk.lines] == [100]


def test_shadow_of_another_schema_cannot_score(desk, artifact, shadow):
    shadow.features = [*shadow.features, shadow.features[0] | {"name": "income"}]
    shadow.get_numbers = lambda _: (_ for _ in ()).throw(KeyError)
    desk.compare(artifact, make_records(100))
    desk.now_s += LINE_S
    desk.compare(artifact, make_records(1))

    assert [(line["customers"], line["not_scored"]) for line in desk.lines] == [(100, 100)]


def test_live_model_is_not_compared_with_itself(desk, artifact, slot):
    slot.artifact = artifact
    desk.compare(artifact, make_records(150))
    desk.now_s += LINE_S
    desk.compare(artifact, make_records(150))

    assert desk.lines == []


def test_no_shadow_means_nothing_to_do(desk, artifact, slot):
    slot.artifact = None
    desk.compare(artifact, make_records(150))

    assert desk.lines == []


def test_change_of_a_model_ends_the_line(desk, artifact, document, pack, slot):
    desk.compare(artifact, make_records(150))
    newer = copy.deepcopy(document)
    newer["training_meta"]["version"] = "20261125T100000Z-000000000003"
    slot.artifact = load_artifact(pack(newer))
    desk.compare(artifact, make_records(50))
    slot.artifact = load_artifact(pack(newer))  # too few for a line, which are forgotten
    desk.compare(artifact, make_records(10))

    assert [(line["shadow_version"], line["customers"]) for line in desk.lines] == [(V2, 150)]


def test_shadow_that_fails_is_dropped(desk, artifact, slot, shadow):
    def fail(_numbers, _categories):
        raise ZeroDivisionError

    shadow.score = fail

    with pytest.raises(ZeroDivisionError):
        desk.compare(artifact, make_records(10))
    desk.compare(artifact, make_records(150))

    assert (slot.artifact, desk.lines) == (None, [])


def test_shadow_that_is_slow_is_dropped(desk, artifact, slot, monkeypatch):
    seconds = iter([10.0, 10.0 + MAX_S + 0.001])
    monkeypatch.setattr(comparison, "thread_time", lambda: next(seconds))

    with pytest.raises(SlowShadowError):
        desk.compare(artifact, make_records(10))

    assert slot.artifact is None
