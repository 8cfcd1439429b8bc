import pytest

from inference.errors import BodyError, TooLargeError
from inference.http_api.csv_body import read_csv

TABLE = (
    "customerID,tenure,charges,contract,paperless\r\n"
    "A,10,90,Month-to-month,Yes\r\n"
    "B,70,30,Two year,No\r\n"
)
TOO_MANY = "body: expected at most 1,000,000 cells"


def header(columns):
    return ",".join(map(str, range(columns))) + "\n"


def refusal_of(text):
    with pytest.raises((BodyError, TooLargeError)) as caught:
        read_csv(text)
    return caught.value.status, caught.value.message


def test_rows_become_records_of_text():
    assert read_csv(TABLE).to_records()[1] == {
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
    assert read_csv(text).to_records() == records


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_table_is_read_whatever_separates_its_columns(delimiter):
    lines = [["a", "b"], ["1", '"x,y"'], ["2", "z"]]

    table = read_csv("\n".join(map(delimiter.join, lines)))

    assert (table.header, table.rows) == (["a", "b"], [["1", "x,y"], ["2", "z"]])
    assert table.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("a,b,a\n1,2,3\n", 400, "header: a column is there twice"),
        (
            "a;b,c\n1;2,3\n",
            400,
            "header: its columns may be separated by commas or semicolons; send commas",
        ),
        ('a\n1\n"open\n', 400, "body: expected CSV; line 3 can't be read"),
        ('a\n"1"x\n', 400, "body: expected CSV; line 2 can't be read"),
        ("a\n" + "x" * 200_000, 400, "body: expected CSV; line 2 can't be read"),
        ("a\n" + "1\n" * 10_001, 413, "records: expected at most 10,000 rows"),
        ("a\n" + ("," * 99_999 + "\n") * 11, 413, "body: expected at most 1,000,000 cells"),
    ],
    ids=["twice", "two readings", "open quote", "text after quote", "cell", "rows", "cells"],
)
def test_table_that_can_not_be_read_is_refused(text, status, message):
    assert refusal_of(text) == (status, message)


def test_row_of_another_length_is_no_record_but_keeps_its_cells():
    table = read_csv("a,b\n1\n1,2\n1,2,3\n")

    assert table.rows == [["1"], ["1", "2"], ["1", "2", "3"]]
    assert table.to_records() == [None, {"a": "1", "b": "2"}, None]


def test_table_may_have_1_000_000_cells_and_no_more():
    assert len(read_csv("a\n" + "," * 999_999).rows[0]) == 1_000_000
    assert refusal_of("a\n" + "," * 1_000_000) == (413, TOO_MANY)


def test_cells_that_a_ragged_row_lacks_count_too():
    assert refusal_of(header(1000) + "1\n" * 1001) == (413, TOO_MANY)


def test_table_may_have_10_000_rows():
    assert len(read_csv("a\n" + "1\n" * 10_000).rows) == 10_000


def test_line_by_which_excel_declares_its_delimiter_is_no_header():
    table = read_csv("\ufeffsep=;\r\na,x;b\r\n1,2;3\r\n")

    assert (table.header, table.rows, table.delimiter) == (["a,x", "b"], [["1,2", "3"]], ";")
    assert read_csv("sep=;\n").header == read_csv("").header == []
