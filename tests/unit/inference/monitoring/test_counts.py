from itertools import repeat

import pandas as pd
import pytest

from inference.monitoring.counts import MAX_KNOWN, Counts
from inference.scoring.artifact import load_artifact

NAMES = ("tenure", "charges", "contract", "paperless")
RANGES = {"tenure": [0, 12, 40, 72], "charges": [18.25, 50, 80, 118.75]}
CATEGORIES = {"contract": ["Month-to-month", "Two year"], "paperless": ["No", "Yes"]}


def count_with_pandas(records):
    """Return each field's counts as pandas has them: below, bins, above; categories, others."""
    frame = pd.DataFrame(records)
    counts = []
    for name, (low, *edges) in RANGES.items():
        known = frame[name].dropna()
        bins = pd.cut(known, [low - 1e-9, *edges]).value_counts(sort=False).tolist()
        outside = [int((known < low).sum()), int((known > edges[-1]).sum())]
        counts.append([outside[0], *bins, outside[1], int(frame[name].isna().sum())])
    for name, known in CATEGORIES.items():
        texts = frame[name].str.strip()
        listed = [int((texts == text).sum()) for text in known]
        blank = int((texts == "").sum())
        counts.append([*listed, len(texts) - sum(listed) - blank, blank])
    return counts


def to_columns(records):
    return [
        ["" if record[name] is None else str(record[name]) for record in records] for name in NAMES
    ]


@pytest.fixture
def counts(artifact):
    return Counts(artifact)


def test_records_count_as_pandas_counts_them(counts, customers):
    records = customers(731)

    for place, record in enumerate(records):
        counts.add_record(record, place / 731)

    assert counts.to_json() == {
        "customers": 731,
        "features": count_with_pandas(records),
        "scores": [183, 183, 183, 182],
    }


def test_a_tables_columns_count_as_pandas_counts_them(counts, customers):
    records = customers(731)

    counts.add_columns(to_columns(records), [place / 731 for place in range(731)])

    assert counts.to_json() == {
        "customers": 731,
        "features": count_with_pandas(records),
        "scores": [183, 183, 183, 182],
    }


def test_a_score_at_an_edge_is_in_the_upper_bin(counts, record):
    for place, score in enumerate((0.25, 0.5, 0.499)):
        counts.add_record(record | {"charges": 20 + place}, score)

    assert counts.to_json()["scores"] == [0, 2, 1, 0]


def test_numbers_as_text_count_as_numbers(counts, record):
    counts.add_record(record | {"tenure": " 13 ", "charges": "1e2"}, 0.5)

    assert counts.to_json()["features"][:2] == [[0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0]]


def test_text_is_read_as_the_model_file_says(document, pack, record):
    tenure, charges, contract, _ = document["schema"]["features"]
    tenure["missing"] = ["n/a"]
    charges["number_format"] = {"decimal": ","}
    contract["spellings"] = {"monthly": "Month-to-month"}
    counts = Counts(load_artifact(pack(document)))
    odd = record | {"tenure": "n/a", "charges": "49,90", "contract": "monthly"}

    counts.add_record(odd, 0.5)
    counts.add_columns([[odd[name]] for name in NAMES], [0.5])

    assert counts.to_json()["features"] == [
        [0, 0, 0, 0, 0, 2],
        [0, 2, 0, 0, 0, 0],
        [2, 0, 0, 0],
        [0, 2, 0, 0],
    ]


@pytest.mark.parametrize("value", [True, 7])
def test_a_value_that_json_has_for_a_category_counts_as_it_is_scored(document, pack, record, value):
    spelt = {True: "true", 7: "7"}[value]
    document["schema"]["features"][3]["categories"][1] = spelt
    document["artifact"]["categories"][1][1] = spelt
    counts = Counts(load_artifact(pack(document)))

    counts.add_record(record | {"paperless": value}, 0.5)

    assert counts.to_json()["features"][3] == [0, 1, 0, 0]


def test_few_customers_are_not_enough(counts, customers):
    for record in customers(99):
        counts.add_record(record, 0.5)

    assert not counts.has_enough()


def test_a_hundred_different_customers_are(counts, customers):
    for record in customers(100):
        counts.add_record(record, 0.5)

    assert counts.has_enough()


def test_one_customer_many_times_is_one(counts, record):
    for _ in range(1_000):
        counts.add_record(record, 0.5)

    assert not counts.has_enough()
    assert counts.to_json()["customers"] == 1


def test_a_flood_of_one_customer_is_a_hundredth_of_the_counts(counts, customers, record):
    for other in customers(300):
        counts.add_record(other, 0.1)
        for _ in range(50):
            counts.add_record(record, 0.9)

    scores = counts.to_json()["scores"]
    assert counts.customers == 300 + scores[3]
    assert 1 <= scores[3] <= 1 + counts.customers / 100


def test_rows_of_one_customer_are_a_hundredth_of_a_tables_counts(counts, customers, record):
    records = [*customers(300), *[record] * 50]

    counts.add_columns(to_columns(records), [*repeat(0.1, 300), *repeat(0.9, 50)])

    found = counts.to_json()
    assert found["scores"] == [300, 0, 0, 4]  # while 3 are no more than a hundredth of 303
    assert found["features"] == count_with_pandas([*customers(300), *[record] * 4])


def test_nobody_is_left_of_counts_that_are_forgotten(counts, customers):
    for record in customers(220):
        counts.add_record(record, 0.5)
    told = counts.to_json()

    counts.forget()
    for record in customers(10):
        counts.add_record(record, 0.1)

    assert told["customers"] == 220
    assert sum(told["scores"]) == 220
    assert counts.to_json() == {
        "customers": 10,
        "features": count_with_pandas(customers(10)),
        "scores": [10, 0, 0, 0],
    }


def test_who_was_counted_is_forgotten_after_many(counts, customers):
    columns = to_columns(customers(MAX_KNOWN + 1))
    again = [column[:10] for column in columns]

    counts.add_columns(columns, [*repeat(0.5, MAX_KNOWN + 1)])
    counts.add_columns(again, [*repeat(0.5, 10)])

    assert counts.different == MAX_KNOWN + 11
