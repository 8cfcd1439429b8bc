import pytest

from inference.advice import changes
from inference.advice.changes import find_changes
from inference.errors import BodyError
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from inference.scoring.records import UNSEEN

ROW = ((10.0, 90.0), ("Month-to-month", "Yes"))


@pytest.fixture
def expect(artifact):
    """Return the function from a change of ROW's log-odds to the probability that follows."""
    return lambda change: pytest.approx(artifact.link(1.8 + change))


def test_single_changes_and_pairs_by_hand(artifact, expect):
    found, tried, possible = find_changes(artifact, ROW, {"contract", "paperless"}, 10)

    assert found == [
        (expect(-2.0), {"contract": "Two year", "paperless": "No"}, []),
        (expect(-1.6), {"contract": "Two year"}, []),
        (expect(-0.4), {"paperless": "No"}, []),
    ]
    assert (tried, possible) == (3, 3)


def test_number_is_tried_across_its_training_range(artifact, expect):
    found, tried, _ = find_changes(artifact, ROW, {"charges"}, 100)

    steps = [18.25 + 100.5 * step / 10 for step in range(8)]  # the next is 98.65, over 90
    assert found == [
        (expect(0.4 / 30 * (x - 90)), {"charges": pytest.approx(x)}, []) for x in steps
    ]
    assert tried == 11


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        pytest.param(0.0, 1.0, [0.0], id="a flag"),
        pytest.param(1.0, 4.0, [1.0, 2.0, 3.0], id="a small count"),
        pytest.param(0.0, 10.0, [*map(float, range(10))], id="the largest count"),
        pytest.param(0.0, 0.5, [step / 20 for step in range(10)], id="a share"),
        pytest.param(0.0, 20.0, [2.0 * step for step in range(10)], id="a range"),
    ],
)
def test_small_whole_numbers_stay_whole(artifact, low, high, values):
    artifact.features[1] |= {"min": low, "max": high}

    found, _, _ = find_changes(artifact, ((10.0, high), ROW[1]), {"charges"}, 100)

    assert [change["charges"] for _, change, _ in found] == pytest.approx(values)


def test_any_known_category_may_replace_an_unseen_one(artifact):
    found, tried, _ = find_changes(artifact, ((10.0, 90.0), (UNSEEN, "Yes")), {"contract"}, 10)

    assert [change for _, change, _ in found] == [{"contract": "Two year"}]
    assert tried == 2


def test_limit_holds_for_single_changes_and_for_pairs(artifact):
    fields = {"charges", "contract", "paperless"}

    found, tried, possible = find_changes(artifact, ROW, fields, 1)

    assert [change for _, change, _ in found] == [
        {"charges": 18.25, "contract": "Two year"},
        {"contract": "Two year"},
    ]
    assert (tried, possible) == (13 + 11 + 11 + 1, 13 + 11 + 11 + 1)


def test_change_that_comes_to_the_same_is_not_listed(document, pack):
    document["artifact"]["coef"] = [[-0.8, 0.4, 0.9, -0.7, 0.2, 0.2]]  # paperless or not

    assert find_changes(load_artifact(pack(document)), ROW, {"paperless"}, 10) == ([], 1, 1)


def test_change_that_raises_the_probability_is_not_listed(artifact):
    row = ((10.0, 90.0), ("Two year", "No"))

    assert find_changes(artifact, row, {"contract", "paperless"}, 10) == ([], 3, 3)


def test_pair_is_listed_only_where_it_beats_both_of_its_changes(document, pack):
    # Paper helps month-to-month customers only: 0.9 -> 0.6; with two years it is 0.2 either way.
    document["artifact"] = {
        "kind": "trees",
        "link": "identity",
        "baseline": 0.0,
        "divisor": 1,
        "thresholds": [[], []],
        "category_sets": [[2, [1]], [3, [1]]],
        "trees": {
            "nodes": [[0, 1, -1, -1, -1]],
            "values": [[0.6, 0.9, 0.2]],
            "weights": [[1, 1, 1]],
        },
    }
    artifact = load_artifact(pack(document))

    found, tried, _ = find_changes(artifact, ROW, {"contract", "paperless"}, 10)

    assert found == [(0.2, {"contract": "Two year"}, []), (0.6, {"paperless": "No"}, [])]
    assert tried == 3


def test_only_the_best_single_changes_are_paired(artifact, monkeypatch):
    monkeypatch.setattr(changes, "MAX_PAIRED", 2)
    fields = {"charges", "contract", "paperless"}

    found, tried, possible = find_changes(artifact, ROW, fields, 1)

    assert found[0][1] == {"charges": 18.25, "contract": "Two year"}
    assert (tried, possible) == (13 + 1, 36)


def test_too_many_values_are_refused(artifact, monkeypatch):
    monkeypatch.setattr(changes, "MAX_SINGLE", 12)

    with pytest.raises(BodyError) as refusal:
        find_changes(artifact, ROW, {"charges", "contract", "paperless"}, 1)

    assert refusal.value.message == "fields: expected at most 12 values in all; name fewer fields"
    assert find_changes(artifact, ROW, {"charges", "contract"}, 1)


def test_outcome_is_exactly_what_the_changed_record_scores(artifact, record):
    found, _, _ = find_changes(artifact, ROW, {"charges", "contract", "paperless"}, 100)

    changed = [record | change for _, change, _ in found]
    assert [outcome for outcome, *_ in found] == score_records(artifact, changed).predictions


@pytest.fixture
def limited(document, pack):
    """A model where paper is for those on two years only: month-to-month needs paperless bills."""
    document["schema"]["companions"] = {"apart": [[[0], [2]]]}
    return load_artifact(pack(document))


def test_change_brings_along_what_it_needs(limited, expect):
    found, tried, possible = find_changes(limited, ROW, {"paperless"}, 10)

    assert found == [(expect(-2.0), {"contract": "Two year", "paperless": "No"}, ["contract"])]
    assert (tried, possible) == (1, 1)


def test_pair_that_comes_to_the_same_as_a_single_change_is_not_listed(limited, expect):
    found, tried, _ = find_changes(limited, ROW, {"contract", "paperless"}, 10)

    assert found == [
        (expect(-2.0), {"contract": "Two year", "paperless": "No"}, ["contract"]),
        (expect(-1.6), {"contract": "Two year"}, []),
    ]
    assert tried == 3


def test_what_would_need_a_field_that_may_not_change_is_not_tried(limited):
    limited.features[2]["changeable"] = False

    assert find_changes(limited, ROW, {"paperless"}, 10) == ([], 0, 0)


def test_pair_that_nobody_could_have_is_not_listed(document, pack, expect):
    document["schema"]["companions"] = {"apart": [[[1], [2]]]}
    artifact = load_artifact(pack(document))

    found, _, _ = find_changes(artifact, ROW, {"contract", "paperless"}, 10)

    assert found == [
        (expect(-1.6), {"contract": "Two year"}, []),
        (expect(-0.4), {"paperless": "No"}, []),
    ]


def test_first_field_stands_for_changes_that_come_to_the_same(document, pack, expect):
    document["schema"]["companions"] = {"apart": [[[1], [3]], [[2], [0]]]}
    artifact = load_artifact(pack(document))

    found, tried, _ = find_changes(artifact, ROW, {"contract", "paperless"}, 10)

    both = {"contract": "Two year", "paperless": "No"}
    assert found == [(expect(-2.0), both, ["paperless"])]
    assert tried == 1
