import csv
import json
from io import StringIO

import pytest

from inference.errors import BodyError, TooLargeError
from inference.http_api.csv_body import RaggedRow, read_csv, write_csv
from inference.scoring.batch import Batch, score_records

TABLE = (
    "customerID,tenure,charges,contract,paperless\r\n"
    "A,10,90,Month-to-month,Yes\r\n"
    "B,70,30,Two year,No\r\n"
)
CSV = {"content-type": "text/csv"}


def rows_of(text):
    return list(csv.reader(StringIO(text, newline="")))


def refusal_of(text):
    with pytest.raises((BodyError, TooLargeError)) as caught:
        read_csv(text)
    return caught.value.status, caught.value.message


def test_rows_become_records_of_text():
    assert read_csv(TABLE)[1] == {
        "customerID": "B",
        "tenure": "70",
        "charges": "30",
        "contract": "Two year",
        "paperless": "No",
    }


@pytest.mark.parametrize(
    ("text", "records"),
    [
        pytest.param("a,b\n1,2\n", [{"a": "1", "b": "2"}], id="LF"),
        pytest.param("a,b\r1,2", [{"a": "1", "b": "2"}], id="CR, no end of line"),
        pytest.param("\ufeffa,b\n1,2\n", [{"a": "1", "b": "2"}], id="Excel's byte order mark"),
        pytest.param("\n\na\n\n1\n\n", [{"a": "1"}], id="blank lines"),
        pytest.param('"a,b"\n"1\n2"\n', [{"a,b": "1\n2"}], id="quoted comma and line break"),
        pytest.param('a\n"say ""x"""\n', [{"a": 'say "x"'}], id="quotes in quotes"),
        pytest.param("a, b\n1, 2\n", [{"a": "1", " b": " 2"}], id="spaces stay"),
        pytest.param("a\n", [], id="header only"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_csv_is_read_by_rfc_4180(text, records):
    assert read_csv(text) == records


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("a,b,a\n1,2,3\n", 400, "header: a column is there twice"),
        ("a;b\n1;2\n", 400, "header: expected commas between the columns, got semicolons or tabs"),
        (
            "a\tb\n1\t2\n",
            400,
            "header: expected commas between the columns, got semicolons or tabs",
        ),
        ('a\n1\n"open\n', 400, "body: expected CSV; line 3 can't be read"),
        ('a\n"1"x\n', 400, "body: expected CSV; line 2 can't be read"),
        ("a\n" + "x" * 200_000, 400, "body: expected CSV; line 2 can't be read"),
        ("a\n" + "1\n" * 10_001, 413, "records: expected at most 10,000 rows"),
        ("a\n" + ("," * 99_999 + "\n") * 11, 413, "body: expected at most 1,000,000 cells"),
    ],
    ids=["twice", "semicolon", "tab", "open quote", "text after quote", "cell", "rows", "cells"],
)
def test_table_that_can_not_be_read_is_refused(text, status, message):
    assert refusal_of(text) == (status, message)


def test_row_of_another_length_is_kept_as_no_record():
    records = read_csv("a,b\n1\n1,2,3\n")

    assert [(type(row), row.cells, row.message) for row in records] == [
        (RaggedRow, ["1", ""], "expected 2 cells, got 1"),
        (RaggedRow, ["1", "2", "3"], "expected 2 cells, got 3"),
    ]


def test_answer_is_the_same_table_with_three_columns_more(ask):
    status, headers, text = ask(body=TABLE, headers=CSV)

    _, _, answer = ask(body={"records": [dict(row) for row in csv.DictReader(StringIO(TABLE))]})
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert rows_of(text) == [
        [*rows_of(TABLE)[0], "churn_probability", "churn_label", "error"],
        [*rows_of(TABLE)[1], repr(answer["predictions"][0]), "1", ""],
        [*rows_of(TABLE)[2], repr(answer["predictions"][1]), "0", ""],
    ]


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


def test_false_is_written_as_json_does(artifact, record):
    records = [record | {"is_new": False}]

    text = write_csv(records, score_records(artifact, records)).body

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


def test_answer_with_too_many_cells_is_refused():
    records = [{f"{row}-{column}": 1 for column in range(11)} for row in range(302)]
    batch = Batch()

    with pytest.raises(TooLargeError) as caught:
        write_csv(records, batch)

    assert caught.value.message == "the answer would have more than 1,000,000 cells; accept JSON"
