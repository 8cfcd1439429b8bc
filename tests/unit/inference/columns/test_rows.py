import random

import pytest

from inference.columns.rows import BLOCK, score_columns, score_rows
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records

HEADER = ["customerID", "tenure", "charges", "contract", "paperless"]
PLAIN = ["a", "10", "90", "Month-to-month", "Yes"]
ODD_NUMBERS = ["", " ", "1_0", "٣", "nan", "inf", "-1", "73", "1e1", " 7 ", "x", "9" * 400, "0x1"]
ODD_TEXTS = ["", " ", "no", "Maybe", "Two year ", "٣"]


def as_records(rows, header=HEADER):
    return [dict(zip(header, row, strict=True)) for row in rows]


def assert_same(batch, expected):
    assert batch.predictions == expected.predictions
    assert batch.labels == expected.labels
    assert batch.errors == expected.errors
    assert batch.warnings == expected.warnings


def test_plain_rows_equal_records_bit_for_bit(artifact):
    rows = [["a", str(n % 73), repr(18.25 + n / 20), *PLAIN[3:]] for n in range(2 * BLOCK + 1)]

    batch = score_rows(artifact, HEADER, rows)

    assert_same(batch, score_records(artifact, as_records(rows)))


@pytest.mark.parametrize("seed", range(20))
def test_odd_cells_anywhere_equal_records(artifact, seed):
    draw = random.Random(seed)
    columns = [ODD_NUMBERS, ODD_NUMBERS, ODD_TEXTS, ODD_TEXTS]
    rows = [list(PLAIN) for _ in range(BLOCK + 50)]
    for row in draw.sample(rows, 1 + seed):
        place = draw.randrange(4)
        row[place + 1] = draw.choice(columns[place])

    batch = score_rows(artifact, HEADER, rows, 0.3)

    assert_same(batch, score_records(artifact, as_records(rows), 0.3))


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("text", [*ODD_NUMBERS, *ODD_TEXTS])
def test_each_odd_text_equals_records(artifact, place, text):
    odd = [*PLAIN]
    odd[place + 1] = text

    batch = score_rows(artifact, HEADER, [PLAIN, odd, PLAIN])

    assert_same(batch, score_records(artifact, as_records([PLAIN, odd, PLAIN])))


def test_columns_may_stand_in_any_order_among_others(artifact):
    header = ["paperless", "note", "charges", "contract", "tenure"]
    row = ["Yes", "", "90", "Month-to-month", "10"]

    batch = score_rows(artifact, header, [row])

    assert_same(batch, score_records(artifact, as_records([row], header)))


def test_columns_at_hand_equal_records(artifact):
    rows = [["a", "", *PLAIN[2:]], ["b", "x", *PLAIN[2:4], "Maybe"], ["c", *PLAIN[1:4], "Maybe"]]

    batch = score_columns(artifact, HEADER, [*zip(*rows, strict=True)], 0.9)

    assert_same(batch, score_records(artifact, as_records(rows), 0.9))


def test_absent_column_is_said_of_each_row(artifact):
    header = ["tenure", "charges", "contract"]
    rows = [["10", "90", "Two year"], ["11", "91"]]

    batch = score_rows(artifact, header, rows)

    assert batch.predictions == [None, None]
    assert batch.errors == [(0, "paperless", "missing"), (1, None, "expected 3 cells, got 2")]


def test_ragged_rows_do_not_lose_the_others(artifact):
    rows = [[], PLAIN, [*PLAIN, ""], ["b", "", *PLAIN[2:]], ["c", "x", *PLAIN[2:]], PLAIN[:2]]

    batch = score_rows(artifact, HEADER, rows)

    expected = score_records(artifact, as_records([rows[1], rows[3]]))
    assert batch.predictions == [
        None,
        expected.predictions[0],
        None,
        expected.predictions[1],
        *2 * [None],
    ]
    assert batch.labels == [None, 1, None, 1, None, None]
    assert batch.errors == [
        (0, None, "expected 5 cells, got 0"),
        (2, None, "expected 5 cells, got 6"),
        (4, "tenure", "expected a number, got text"),
        (5, None, "expected 5 cells, got 2"),
    ]
    assert batch.warnings == [(3, "tenure", "blank; scored as 29.0, as in training")]


def test_no_rows_are_no_results(artifact):
    batch = score_rows(artifact, HEADER, [])

    assert (batch.predictions, batch.labels, batch.errors) == ([], [], [])


@pytest.mark.parametrize("kind", ["number", "category"])
def test_model_of_one_kind_of_feature(document, pack, kind):
    model, features = document["artifact"], document["schema"]["features"]
    document["schema"]["features"] = [spec for spec in features if spec["kind"] == kind]
    if kind == "number":
        model |= {"categorical_features": [], "categories": [], "coef": [model["coef"][0][:2]]}
    else:
        names = ("features", "imputer_medians", "means", "scales")
        model |= {f"numeric_{name}": [] for name in names} | {"coef": [model["coef"][0][2:]]}
    artifact = load_artifact(pack(document))

    batch = score_rows(artifact, HEADER, [PLAIN, PLAIN])

    assert_same(batch, score_records(artifact, as_records([PLAIN, PLAIN])))
    assert batch.predictions[0] is not None


def test_columns_of_a_spreadsheet_equal_records(document, pack):
    tenure, charges, *_ = document["schema"]["features"]
    tenure |= {"missing": ["12"]}
    charges |= {"number_format": {"decimal": ","}}
    artifact = load_artifact(pack(document))
    rows = [["a", "12", "20.000", *PLAIN[3:]], ["b", "10", "90,5", *PLAIN[3:]]]

    batch = score_rows(artifact, HEADER, rows)

    plain = [["a", "", "20000", *PLAIN[3:]], ["b", "10", "90.5", *PLAIN[3:]]]
    assert_same(batch, score_records(artifact, as_records(rows)))
    del charges["number_format"]
    assert batch.predictions == score_rows(load_artifact(pack(document)), HEADER, plain).predictions
