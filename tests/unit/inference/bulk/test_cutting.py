import csv
import random
from io import BytesIO, TextIOWrapper

import pytest

from inference.bulk.cutting import cut_records, find_first_end, find_last_end
from inference.bulk.errors import TableError

# Each record has a line break inside quotes, a doubled quote, or a quote that opens nothing.
RECORDS = [
    b'a,"two\nlines",1\n',
    b'b,"say ""hi""\r\n",2\r\n',
    b'c,5" pipe,3\n',
    b'"d\n","","""\n"""\n',
    b"e,plain,4\n",
]
TABLE = b"".join(RECORDS)


def read(table, delimiter=","):
    text = TextIOWrapper(BytesIO(table), "utf-8", newline="")
    return list(csv.reader(text, delimiter=delimiter, strict=True))


def test_table_is_what_the_csv_module_reads():
    assert [read(record)[0] for record in RECORDS] == read(TABLE)


@pytest.mark.parametrize("place", range(len(TABLE) + 1))
def test_no_cut_falls_into_a_record(place):
    pieces = list(cut_records([TABLE[:place], TABLE[place:]], ","))

    assert b"".join(pieces) == TABLE
    assert [row for piece in pieces for row in read(piece)] == read(TABLE)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 30])
def test_blocks_of_any_size_give_whole_records(size):
    blocks = [TABLE[start : start + size] for start in range(0, len(TABLE), size)]

    pieces = list(cut_records(blocks, ","))

    assert b"".join(pieces) == TABLE
    assert [row for piece in pieces for row in read(piece)] == read(TABLE)


@pytest.mark.parametrize("seed", range(30))
def test_last_end_is_the_last_that_was_written(seed):
    draw = random.Random(seed)
    table, ends = b"", [0]
    for _ in range(40):
        table += draw.choice([b"x", b'"y\n"', b'"a""\r\nb"', b'z"', b""])
        table += draw.choice([b",", b"\n", b"\r\n"])
        if table.endswith(b"\n"):
            ends.append(len(table))
    place = draw.randrange(len(table))

    end = find_last_end(table[:place], ",")

    assert end == max(end for end in ends if end <= place)


def test_last_record_may_lack_its_line_end():
    assert list(cut_records([b"a\nb", b"\nc"], ",")) == [b"a\n", b"b\n", b"c"]


def test_piece_without_a_whole_record_has_no_end():
    assert find_last_end(b"", ",") == 0
    assert find_last_end(b"abc", ",") == 0
    assert find_last_end(b'"abc\n', ",") == 0
    assert find_last_end(b'"abc""\n', ",") == 0


def test_lone_carriage_returns_end_records_where_there_is_nothing_else():
    assert find_last_end(b"a,b\rc,d\re", ",") == 8
    assert find_last_end(b"a,b\rc,d\ne", ",") == 8


def test_quote_opens_a_cell_behind_the_tables_own_delimiter_only():
    assert find_last_end(b'a;"b\nc', ";") == 0
    assert find_last_end(b'a;"b\nc', ",") == 5


def test_first_end_is_that_of_the_first_record():
    assert find_first_end(TABLE, ",") == len(RECORDS[0])
    assert find_first_end(b'x\n"y"\n', ",") == 2
    assert find_first_end(b"no end", ",") == 6


def test_quote_left_open_is_told_before_memory_is_full():
    blocks = [b'"' + b"a\n" * 500_000] + [b"a\n" * 500_000] * 10

    with pytest.raises(TableError) as caught:
        list(cut_records(blocks, ","))

    assert str(caught.value) == (
        "a record runs on for more than 4,000,000 bytes: is a quote left open?"
    )


def test_record_may_have_4_000_000_bytes_and_no_more():
    longest = b"x" * 4_000_000

    assert [*cut_records([longest], ",")] == [longest]
    with pytest.raises(TableError):
        list(cut_records([longest + b"x"], ","))
