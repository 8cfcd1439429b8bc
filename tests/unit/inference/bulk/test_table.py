import pytest

from inference.bulk.errors import TableError
from inference.bulk.table import (
    HEADER_BYTES,
    NOT_UTF8,
    UNREADABLE,
    find_delimiter,
    find_unreadable,
    read_rows,
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
    ],
    ids=["plain", "byte order mark", "blank lines first", "quoted line break", "no end"],
)
def test_header_and_where_it_ends(start, header, size):
    assert split_header(start, ",") == (header, size)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (b"", "the table is empty: expected a header"),
        (b"\xef\xbb\xbf\n\n", "the table is empty: expected a header"),
        (b"a,b,a\n", "the header names a column twice"),
        (b"a,\xff\n", "the header can't be read: expected CSV in UTF-8"),
        (b'a,"b"c\n', "the header can't be read: expected CSV in UTF-8"),
        (b"a" * HEADER_BYTES, "the header is too long: is a quote left open?"),
    ],
    ids=["empty", "blank", "twice", "not UTF-8", "not CSV", "too long"],
)
def test_header_that_can_not_be_used_is_refused(start, message):
    with pytest.raises(TableError) as caught:
        split_header(start, ",")

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("line", "delimiter"), [(b"a,b;c,d\n;;;;", ","), (b"a;b;c", ";"), (b"a\tb", "\t"), (b"a", ",")]
)
def test_delimiter_is_the_one_that_the_first_line_has_most_of(line, delimiter):
    assert find_delimiter(line) == delimiter


def test_rows_come_without_blank_lines_and_with_their_line_breaks():
    assert list(read_rows(b'a,"b\r\nc"\n\n\r\nd,\n', ",")) == [["a", "b\r\nc"], ["d", ""]]


def test_row_that_is_no_csv_is_empty_and_the_next_is_read():
    rows = list(read_rows(b'a,b\nc,"d"e\nf,g\nh,"', ","))

    assert rows == [["a", "b"], [], ["f", "g"], []]
    assert find_unreadable(rows) == {1: UNREADABLE, 3: UNREADABLE}


def test_row_that_is_not_utf8_keeps_its_bytes():
    rows = list(read_rows(b"a,\xe9\nb,\xc3\xa9\n", ","))

    assert find_unreadable(rows) == {0: NOT_UTF8}
    assert rows[0][1].encode("utf-8", "surrogateescape") == b"\xe9"
    assert rows[1] == ["b", "é"]


def test_readable_rows_have_nothing_to_say():
    assert find_unreadable([["a", "é"]]) == {}
