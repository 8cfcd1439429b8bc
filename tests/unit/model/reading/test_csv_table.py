import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import DataError
from model.reading.csv_table import parse_table


def texts(data):
    return texts_of(parse_table("t.csv", data))


def texts_of(table):
    rows = range(table.rows)
    return {column.name: [column.text(row) for row in rows] for column in table.columns}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a,b\n1, x\n2,\n", id="LF"),
        pytest.param(b"a,b\r\n1, x\r\n2,\r\n", id="CRLF"),
        pytest.param(b"a,b\r1, x\r2,\r", id="CR"),
        pytest.param(b"\xef\xbb\xbfa,b\n1, x\n2,\n", id="byte order mark"),
        pytest.param(b"a,b\n1, x\n2,", id="no line end at the end"),
        pytest.param(b'"a","b"\n"1"," x"\n2,""\n', id="quoted"),
        pytest.param(b"\na,b\n\n1, x\n\r\n2,\n\n\n", id="empty lines"),
    ],
)
def test_text_is_read_untouched(data):
    assert texts(data) == {"a": ["1", "2"], "b": [" x", ""]}


def test_quotes_commas_and_line_breaks_may_stand_in_quotes():
    data = 'a,"b ""c"", d"\n1,"Zoë,\r\nsays ""no"""\n2,x\n'.encode()

    assert texts(data) == {"a": ["1", "2"], 'b "c", d': ['Zoë,\r\nsays "no"', "x"]}


def test_each_row_knows_the_line_it_begins_on():
    data = b'a,b\n\n1,"x\ny\nz"\n2,x\n\n3,x\n'

    table = parse_table("t.csv", data)

    assert [table.place(row) for row in range(3)] == ["line 3", "line 6", "line 8"]


def test_rows_beyond_one_batch_stay_in_order():
    numbers = [str(number) for number in range(1_201)]

    assert texts("a,b\n{},\n".format(",\n".join(numbers)).encode())["a"] == numbers


def test_different_texts_are_kept_once_each():
    first, _ = parse_table("t.csv", b"a,b\nx,1\ny,2\nx,3\n").columns

    assert (first.distinct, first.codes.tolist()) == (["x", "y"], [0, 1, 0])


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("a;b\nZoë;1,5\n;2\n".encode(), "t.csv: its columns are separated by semicolons"),
        ("a\tb\nZoë\t1,5\n\t2\n".encode(), "t.csv: its columns are separated by tabs"),
        (
            'a,b\nZoë,"1,5"\n,2\n'.encode("cp1252"),
            "t.csv: read as Windows-1252, as it isn't UTF-8",
        ),
        (
            'a,b\nZoë,"1,5"\n,2\n'.encode("utf-16"),
            "t.csv: read as UTF-16, as its byte-order mark says",
        ),
        (
            b"\xfe\xff" + 'a,b\nZoë,"1,5"\n,2\n'.encode("utf-16-be"),
            "t.csv: read as UTF-16, as its byte-order mark says",
        ),
        (
            "sep=;\r\na;b\r\nZoë;1,5\r\n;2".encode(),
            "t.csv: its columns are separated by semicolons",
        ),
    ],
    ids=["semicolons", "tabs", "Windows", "UTF-16", "UTF-16, big end first", "declared"],
)
def test_what_spreadsheets_write_is_read_and_told(data, note):
    table = parse_table("t.csv", data)

    assert texts_of(table) == {"a": ["Zoë", ""], "b": ["1,5", "2"]}
    assert table.notes == (note,)


def test_header_alone_tells_the_separator_where_the_first_row_fits_none():
    with pytest.raises(DataError) as refusal:
        parse_table("t.csv", b"a;b\n1;2;3\n")

    assert str(refusal.value) == "t.csv: line 2: expected 2 values as in the header, found 3"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv: is empty"),
        (b" \r\n\n", "t.csv: is empty"),
        (b"\xef\xbb\xbf", "t.csv: is empty"),
        (b"a,b\n", "t.csv: has a header line but no customers"),
        (b"a|b\n1|2\n", "t.csv: the header has one column only; separate columns with commas"),
        (
            b"a;b,c\n1;2,3\n",
            "t.csv: its columns may be separated by commas or semicolons; use commas",
        ),
        (b"a,,c\n1,2,3\n", "t.csv: column 2 has no name in the header"),
        (b"a,b,a\n1,2,3\n", 't.csv: columns 1 and 3 are both called "a"'),
        (b"a,b\n1,2\n3\n", "t.csv: line 3: expected 2 values as in the header, found 1"),
        (b"a,b\n1,2,3\n", "t.csv: line 2: expected 2 values as in the header, found 3"),
        (
            b'a,b\n1,2\n3,"4\n5,6\n7,"8\n',
            "t.csv: line 3: a closing quote is followed by text instead of a comma",
        ),
        (
            b'a,b\n1,2\n"3\n4",5,6\n',
            "t.csv: line 3: expected 2 values as in the header, found 3; "
            "the row runs on to line 4: is a quote left open?",
        ),
        (b'a,b\n1,2\n3,"4\n5,6\n', "t.csv: line 3: a quote is opened and never closed"),
        (b'a,"b\n1,2\n', "t.csv: line 1: a quote is opened and never closed"),
        (
            b'a,b\n1,"' + b"2\n" * 70_000,
            "t.csv: line 2: a value of over 131,072 characters; is a quote left open?",
        ),
    ],
    ids=[
        "nothing",
        "white space",
        "byte order mark alone",
        "header alone",
        "bars",
        "commas or semicolons",
        "nameless column",
        "same name twice",
        "short row",
        "long row",
        "text behind a quote",
        "long row over two lines",
        "open quote",
        "open quote in the header",
        "open quote far from the end",
    ],
)
def test_what_is_no_table_is_refused_with_its_line(data, message):
    with pytest.raises(DataError) as refusal:
        parse_table("t.csv", data)

    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("data", "line", "byte"),
    [
        ("a,b\n1,Zoë Ã¤\n".encode("cp1252"), 2, 5),
        (b"a,b\n1,Zo\xeb\x8d\n", 2, 5),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n\x80,3\r\n", 3, 1),
        ("a,b\n1,2\n".encode("utf-16-le"), 1, 2),
        (b"a,b\n1,2\n3,\xe2\x82", 3, 3),
    ],
    ids=[
        "UTF-8 in part",
        "no Windows letter",
        "after a byte order mark",
        "UTF-16 without mark",
        "cut off",
    ],
)
def test_broken_encoding_is_located_and_never_guessed(data, line, byte):
    with pytest.raises(DataError) as refusal:
        parse_table("t.csv", data)

    assert str(refusal.value) == (
        f"t.csv: line {line}: byte {byte} of the line isn't UTF-8 text; "
        "save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
    )


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.tuples(*[TEXT] * n), min_size=1)))
def test_what_a_csv_writer_wrote_is_read_back(rows):
    file = io.StringIO(newline="")
    header = [f"c{position}" for position in range(len(rows[0]))]
    csv.writer(file).writerows([header, *rows])

    columns = texts(file.getvalue().encode())

    assert list(columns) == header
    assert list(zip(*columns.values(), strict=True)) == rows


@given(st.lists(st.sampled_from([*b'a1,"\r\n \0\xff\xef\xbb\xbf;'])).map(bytes))
def test_any_bytes_are_a_table_or_a_clear_error(data):
    try:
        table = parse_table("t.csv", data)
    except DataError:
        return  # any other exception fails the test
    assert all(len(column.codes) == table.rows > 0 for column in table.columns)


def test_line_numbers_count_the_line_by_which_excel_declares_its_separator():
    with pytest.raises(DataError) as refusal:
        parse_table("t.csv", b"sep=;\na;b\n1;2\n3\n")

    assert str(refusal.value) == "t.csv: line 4: expected 2 values as in the header, found 1"


@pytest.mark.parametrize(
    "data", [b"\xff\xfea\x00,", b"\xff\xfea\x00\x00\x00"], ids=["cut off", "no text"]
)
def test_what_only_begins_as_utf_16_is_refused(data):
    with pytest.raises(DataError) as refusal:
        parse_table("t.csv", data)

    assert str(refusal.value) == (
        "t.csv: begins as UTF-16 and isn't; save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
    )
