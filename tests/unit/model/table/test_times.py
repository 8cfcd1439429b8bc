import pytest

from model.errors import DataError
from model.reading.csv_table import parse_table
from model.table.times import are_dates, rank_times


def table_of(*texts):
    return parse_table("t.csv", "\n".join(["a,b", *(f'"{text}",x' for text in texts)]).encode())


def rank(*texts):
    table = table_of(*texts)
    return rank_times(table, table.columns[0], ()).tolist()


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-01-31", "2025-12-01", "2026-01-31", "2026-02-01"],
        ["2026-01-31T10:00:00", "2026-01-31 09:00", "2026-01-31T10:00:00", "2026-01-31T10:00:01"],
        ["31.01.2026", "01.12.2025", "31.01.2026", "01.02.2026"],
        ["1/31/2026", "12/1/2025", "1/31/2026", "2/1/2026"],
        ["31/1/2026 10:00", "1/12/2025 10:00", "31/1/2026 10:00", "1/2/2026 10:00"],
        ["10", "9.5", "10", "11"],
    ],
)
def test_rows_are_ranked_from_the_earliest_on(texts):
    assert rank(*texts) == [1, 0, 1, 2]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["2026-01-31", ""], "blank in line 3; leave such rows out"),
        (["1", "NA"], "blank in line 3; leave such rows out"),
        (["2026-01-31", "soon"], "expected dates of one spelling, or numbers"),
        (
            ["1/2/2026", "2/3/2026"],
            "its dates can be read day first or month first; write them as 2026-01-31",
        ),
    ],
    ids=["blank", "missing number", "text", "day or month"],
)
def test_time_that_gives_no_order_is_refused(texts, message):
    with pytest.raises(DataError) as refusal:
        rank(*texts)

    assert str(refusal.value) == f't.csv: --time: column "a": {message}'


def test_dates_are_known_by_their_spelling():
    assert are_dates(table_of("2026-01-31", "").columns[0], ())
    assert not are_dates(table_of("20260131", "20260201").columns[0], ())
    assert not are_dates(table_of("2026-01-31", "new").columns[0], ())
    assert not are_dates(table_of("", " ").columns[0], ())
