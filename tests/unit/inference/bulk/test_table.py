import pytest

from inference.bulk.errors import TableError
from inference.bulk.table import (
    NOT_TEXT,
    UNREADABLE,
    find_delimiter,
    read_blocks,
    read_columns,
    split_header,
)


@pytest.mark.parametrize(
    ("start", "header", "size"),
    [
        (b"a,b\n1,2\n", ["a", "b"], 4),
        (b"\xef\xbb\xbfa,b\r\n1,2", ["a", "b"], 8),
        (b"\n\r\na,b\n", ["a", "b"], 7),
        (b'"a\nx","b"\n1,2\n', ["a\nx", "b"], 10),
        (b"a,b", ["a", "b"], 3),
        (b"a,\xe9\n1,2", ["a", "é"], 4),
        (b"\xef\xbb\xbfsep=,\r\na,b\r\n1,2", ["a", "b"], 15),
    ],
    ids=[
        "plain",
        "byte order mark",
        "blank lines first",
        "quoted line break",
        "no end",
        "1252",
        "declared",
    ],
)
def test_header_and_where_it_ends(start, header, size):
    assert split_header(start, ",") == (header, size)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (b"", "the table is empty: expected a header"),
        (b"\xef\xbb\xbf\n\n", "the table is empty: expected a header"),
        (b"a,b,a\n", "the header names a column twice"),
        (b"\xc3\xa9,\xe9\n", "the header is neither UTF-8 nor Windows-1252"),
        (b'a,"b"c\n', "the header can't be read as CSV: is a quote out of place?"),
        (b"a" * 200_000, "the header is too long: is a quote left open?"),
    ],
    ids=["empty", "blank", "twice", "no text", "no CSV", "too long"],
)
def test_header_that_can_not_be_used_is_refused(start, message):
    with pytest.raises(TableError) as caught:
        split_header(start, ",")

    assert str(caught.value) == message


def test_header_has_to_end_within_200_000_bytes():
    names = [f"{number:05}" for number in range(33_333)]  # with commas 199,997 bytes

    assert split_header(f"{','.join(names)}a\n".encode(), ",")[1] == 199_999
    with pytest.raises(TableError, match="too long"):
        split_header(f"{','.join(names)}aa\n".encode(), ",")


@pytest.mark.parametrize(
    ("start", "delimiter"),
    [
        (b"a,b\n1,2;3", ","),
        (b"\xef\xbb\xbfa;b\n1,5;2", ";"),
        (b"a\tb\n1\t2", "\t"),
        (b"a", ","),
    ],
)
def test_delimiter_is_the_one_that_rows_and_header_agree_on(start, delimiter):
    assert find_delimiter(start) == delimiter


def test_delimiter_that_can_not_be_told_is_asked_for():
    with pytest.raises(TableError) as caught:
        find_delimiter(b"a,b;c\n1,2;3")

    message = "its columns may be separated by commas or semicolons; write commas"
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "piece",
    [b"a,1\nb,2\n", b"a,1\r\nb,2\r\n", b"a,1\nb,2", b"a,1\r\nb,2\n"],
    ids=["LF", "CRLF", "no final line end", "mixed"],
)
def test_plain_records_come_as_columns(piece):
    assert read_columns(piece, ",", 2) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    ("piece", "width"),
    [
        (b'a,"1"\n', 2),
        (b"a,1\n\nb,2\n", 2),
        (b"a,1\nb\n", 2),
        (b"a,1\nb,2,3\n", 2),
        (b"a\nb,1,c,2\n", 2),
        (b"a,1,x,b,2\n", 2),
        (b"a,1\rb,2\r", 2),
        (b"a,1\r\r\n", 2),
        (b"\xe9,1\n", 2),
        (b"a\n", 1),
        (b"a,%s\n" % (b"1" * 131_073), 2),
    ],
    ids=[
        *("quotes", "blank line", "short row", "long row", "as many cells in all"),
        *("a cell where a line could end", "CR", "CR CRLF"),
        *("Windows-1252", "one column", "longer than a cell may be"),
    ],
)
def test_records_that_need_care_do_not(piece, width):
    assert read_columns(piece, ",", width) is None


def test_rows_come_without_blank_lines_and_with_their_line_breaks():
    assert list(read_blocks(b'a,"b\r\nc"\n\n\r\nd,\n', ",", 5)) == [
        ([["a", "b\r\nc"], ["d", ""]], {})
    ]


def test_rows_come_so_many_at_a_time():
    blocks = read_blocks(b"a\nb\nc\n", ",", 2)

    assert list(blocks) == [([["a"], ["b"]], {}), ([["c"]], {})]


def test_row_that_is_no_csv_is_empty_and_the_next_is_read():
    blocks = read_blocks(b'a,b\nc,"d"e\nf,g\nh,"', ",", 5)

    rows = [["a", "b"], [], ["f", "g"], []]
    assert list(blocks) == [(rows, {1: UNREADABLE, 3: UNREADABLE})]


def test_row_of_windows_1252_is_read_as_such():
    (block,) = read_blocks("é,1\n".encode() + b"\xe9,\x80\n", ",", 5)

    assert block == ([["é", "1"], ["é", "€"]], {})


def test_row_of_no_known_letters_keeps_its_bytes():
    (block,) = read_blocks(b"a,b\n\xc3\xa9,\xe9\n", ",", 5)

    rows, unreadable = block
    assert unreadable == {1: NOT_TEXT}
    assert rows[1][1].encode("utf-8", "surrogateescape") == b"\xe9"
