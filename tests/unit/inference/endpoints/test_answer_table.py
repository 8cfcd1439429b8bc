import csv
import json
from io import StringIO

import pytest

TABLE = (
    "customerID,tenure,charges,contract,paperless\r\n"
    "A,10,90,Month-to-month,Yes\r\n"
    "B,70,30,Two year,No\r\n"
)
CSV = {"content-type": "text/csv"}


def rows_of(text):
    return list(csv.reader(StringIO(text, newline="")))


def test_answer_is_the_same_table_with_three_columns_more(ask):
    status, headers, text = ask(body=TABLE, headers=CSV)

    _, _, answer = ask(body={"records": [dict(row) for row in csv.DictReader(StringIO(TABLE))]})
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert rows_of(text) == [
        [*rows_of(TABLE)[0], "churn_probability", "churn_label", "error"],
        [*rows_of(TABLE)[1], repr(answer["predictions"][0]), "1", ""],
        [*rows_of(TABLE)[2], repr(answer["predictions"][1]), "0", ""],
    ]


def test_answer_has_the_separator_of_the_table(ask):
    _, _, commas = ask(body=TABLE, headers=CSV)
    status, _, semicolons = ask(body=TABLE.replace(",", ";"), headers=CSV)

    assert (status, semicolons) == (200, commas.replace(",", ";"))


def test_record_scores_identically_through_csv_and_json(ask, record):
    table = ",".join(record) + "\n" + ",".join(map(str, record.values())) + "\n"

    from_json = ask(body={"records": [record]})[2]
    from_csv = ask(body=table, headers=CSV | {"accept": "application/json"})[2]

    assert from_csv == from_json


def test_json_records_are_answered_as_csv_for_who_accepts_that(ask, record):
    odd = {"notes": "a,b", "is_new": True, "tags": [1], "paperless": None}
    records = [record, record | odd, 5]

    _, headers, text = ask(body={"records": records}, headers={"accept": "text/csv"})

    predictions = ask(body={"records": records})[2]["predictions"]
    own = [*record, "notes", "is_new", "tags"]
    assert headers["x-warnings"] == "1"
    assert rows_of(text) == [
        [*own, "churn_probability", "churn_label", "error"],
        ["10", "90", "Month-to-month", "Yes", "", "", "", repr(predictions[0]), "1", ""],
        ["10", "90", "Month-to-month", "", "a,b", "true", "", repr(predictions[1]), "1", ""],
        ["", "", "", "", "", "", "", "", "", "expected an object, got a number"],
    ]


def test_false_is_written_as_json_does(ask, record):
    body = {"records": [record | {"is_new": False}]}

    text = ask(body=body, headers={"accept": "text/csv"})[2]

    assert rows_of(text)[1][4] == "false"


def test_bad_rows_keep_their_cells_and_get_an_error(ask):
    table = TABLE + "C,long,,Two year,7\r\nD,1\r\nE,1,2,3,4,5\r\n"

    status, headers, text = ask(body=table, headers=CSV)

    assert status == 200
    assert "x-warnings" not in headers
    assert rows_of(text)[3:] == [
        ["C", "long", "", "Two year", "7", "", "", "tenure: expected a number, got text"],
        ["D", "1", "", "", "", "", "", "expected 5 cells, got 2"],
        ["E", "1", "2", "3", "4", "", "", "expected 5 cells, got 6"],
    ]


def test_all_problems_of_a_row_stand_in_its_error(ask):
    table = TABLE + "C,long,much,Two year,No\r\n"

    text = ask(body=table, headers=CSV)[2]

    assert rows_of(text)[3][-1] == (
        "tenure: expected a number, got text; charges: expected a number, got text"
    )


def test_when_nothing_can_be_scored_the_answer_is_json(ask):
    status, headers, answer = ask(body="tenure,charges\n1\n", headers=CSV)

    assert (status, headers["content-type"]) == (422, "application/json")
    assert answer == {
        "error": "1 of 1 records can't be scored; first records[0]: expected 2 cells, got 1",
        "errors": [{"record": 0, "field": None, "message": "expected 2 cells, got 1"}],
    }


def test_ids_of_a_csv_are_text_in_a_json_answer(ask):
    answer = ask(body=TABLE, headers=CSV | {"accept": "application/json"})[2]

    assert answer["ids"] == ["A", "B"]


def test_threshold_for_a_csv_stands_in_the_query(ask):
    text = ask(body=TABLE, headers=CSV, query={"threshold": "0.01"})[2]

    assert [row[-2] for row in rows_of(text)[1:]] == ["1", "1"]


@pytest.mark.parametrize("name", ["churn_probability", "churn_label", "error"])
def test_field_of_a_name_that_the_answer_adds_is_refused(ask, record, name):
    body = json.dumps({"records": [record | {name: 1}]})

    status, _, answer = ask(body=body, headers={"accept": "text/csv"})

    assert (status, answer) == (
        400,
        {"error": f'rename the field "{name}": the answer adds a column of that name'},
    )
    assert ask(body=body)[0] == 200


@pytest.mark.parametrize(("rows", "status"), [(500, 200), (501, 413)])
def test_answer_may_have_1_000_000_own_cells(ask, record, rows, status):
    wide = record | {f"extra {column}": 1 for column in range(1996)}
    body = {"records": [wide, *[record] * (rows - 1)]}

    got, _, answer = ask(body=body, headers={"accept": "text/csv"})

    assert got == status
    if status != 200:
        message = "the answer would have more than 1,000,000 cells; accept JSON"
        assert answer == {"error": message}
