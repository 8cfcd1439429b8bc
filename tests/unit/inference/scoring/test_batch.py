from math import exp

import pytest

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import CHUNK, FEW, MANY, score_records

TOLERANCE = 1e-15  # one rounding of a probability


def probability(log_odds):
    return 1 / (1 + exp(-log_odds))


def test_clean_records_get_probability_and_label(artifact, record):
    loyal = {"tenure": 70, "charges": 30, "contract": "Two year", "paperless": "No"}

    batch = score_records(artifact, [record, loyal])

    # -0.5 + 0.8 + 0.4 + 0.9 + 0.2 and -0.5 - 1.6 - 0.4 - 0.7 - 0.2
    expected = [probability(1.8), probability(-3.4)]
    assert batch.predictions == pytest.approx(expected, rel=TOLERANCE)
    assert batch.labels == [1, 0]
    assert batch.errors == batch.warnings == []


def test_careful_way_scores_as_the_short_one(artifact, record):
    as_text = {name: str(value) for name, value in record.items()}

    batch = score_records(artifact, [record, as_text])

    assert batch.predictions[0] == batch.predictions[1]
    assert batch.warnings == []


def test_bad_record_is_none_and_the_others_are_scored(artifact, record):
    bad = record | {"tenure": "long", "contract": 7}

    batch = score_records(artifact, [record, bad, None, record])

    assert batch.predictions == [batch.predictions[0], None, None, batch.predictions[0]]
    assert batch.labels == [1, None, None, 1]
    assert batch.errors == [
        (1, "tenure", "expected a number, got text"),
        (1, "contract", "expected text, got a number"),
        (2, None, "expected an object, got null"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"tenure": True},
        {"tenure": "2"},
        {"charges": None},
        {"charges": float("nan")},
        {"charges": float("-inf")},
        {"tenure": 1e300},
        {"contract": "Weekly"},
        {"contract": []},
    ],
    ids=str,
)
def test_record_among_many_is_scored_as_alone(artifact, record, change):
    loyal = record | {"tenure": 70, "contract": "Two year"}
    many = [record, loyal] * CHUNK
    many[CHUNK + 2] = record | change

    batch = score_records(artifact, many)

    alone = [score_records(artifact, [each]) for each in many]
    assert batch.predictions == [probability for each in alone for probability in each.predictions]
    assert batch.labels == [label for each in alone for label in each.labels]
    assert batch.errors == [(CHUNK + 2, *rest) for each in alone for _, *rest in each.errors]
    assert batch.warnings == [(CHUNK + 2, *rest) for each in alone for _, *rest in each.warnings]


@pytest.mark.parametrize("count", [FEW - 1, FEW, MANY - 1, MANY, CHUNK + 1])
def test_plain_records_of_any_number_are_scored_as_alone(artifact, record, count):
    records = [record | {"tenure": number % 70} for number in range(count)]

    predictions = score_records(artifact, records).predictions

    assert predictions == [score_records(artifact, [each]).predictions[0] for each in records]


def test_warnings_name_the_record(artifact, record):
    batch = score_records(artifact, [record, record | {"charges": None}])

    assert batch.warnings == [(1, "charges", "blank; scored as 70.5, as in training")]
    # 70.5 in place of 90: 0.4 * 19.5 / 30 less
    assert batch.predictions[1] == pytest.approx(probability(1.8 - 0.26), rel=TOLERANCE)


def test_unseen_category_adds_nothing(artifact, record):
    batch = score_records(artifact, [record | {"contract": "Weekly"}])

    assert batch.predictions == pytest.approx([probability(0.9)], rel=TOLERANCE)


@pytest.mark.parametrize("value", [True, False], ids=str)
def test_true_and_false_are_not_the_numbers_1_and_0(artifact, record, value):
    batch = score_records(artifact, [record | {"tenure": value}])

    assert batch.errors == [(0, "tenure", "expected a number, got true or false")]


@pytest.mark.parametrize(
    ("threshold", "label"), [(None, 1), (0.0, 1), (0.85, 1), (0.86, 0), (1.0, 0)]
)
def test_threshold_decides_the_label(artifact, record, threshold, label):
    batch = score_records(artifact, [record], threshold)

    assert batch.labels == [label]


def test_probability_on_the_threshold_is_labelled_1(artifact, record):
    (prediction,) = score_records(artifact, [record]).predictions

    assert score_records(artifact, [record], prediction).labels == [1]


def test_misspellings_are_looked_for_in_the_first_records_only(artifact, record):
    record["Tenure"] = record.pop("tenure")

    messages = [message for _, _, message in score_records(artifact, [record] * 101).errors]

    assert set(messages[:100]) == {'missing; unknown field "Tenure"; did you mean "tenure"?'}
    assert messages[100] == "missing"


def test_integer_that_no_double_holds_scores_as_its_text_does(document, pack, record):
    document["schema"]["features"][0]["max"] = 1e18
    artifact = load_artifact(pack(document))
    large = 2**53 + 1

    batch = score_records(artifact, [record | {"tenure": large}, record | {"tenure": str(large)}])

    assert batch.predictions[0] == batch.predictions[1]
    assert batch.warnings == []
