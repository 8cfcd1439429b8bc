import gzip
import hashlib

import pandas as pd
import pytest

from model.errors import DataError
from model.reading.files import name_files, read_table

CSV = b"id,fee,Churn\na,1.5,No\nb,,Yes\n"


def texts_of(table):
    rows = range(table.rows)
    return {column.name: [column.text(row) for row in rows] for column in table.columns}


@pytest.fixture
def write(tmp_path):
    def write_file(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write_file


def test_hash_is_of_the_files_bytes(write):
    data = b"\xef\xbb\xbfa,b\r\n1,2\r\n"

    table = read_table(write("customers.csv", data))

    assert (table.name, table.sha256) == ("customers.csv", hashlib.sha256(data).hexdigest())


def test_gzipped_file_is_read_as_what_was_zipped(write):
    zipped = gzip.compress(CSV)

    table = read_table(write("t.csv.gz", zipped))

    assert texts_of(table) == {"id": ["a", "b"], "fee": ["1.5", ""], "Churn": ["No", "Yes"]}
    assert table.sha256 == hashlib.sha256(zipped).hexdigest()


def test_broken_gzip_is_refused(write):
    path = write("t.csv.gz", gzip.compress(CSV)[:-9])

    with pytest.raises(DataError, match=r"t\.csv\.gz: is gzipped, but broken or cut off"):
        read_table(path)


def test_several_files_are_one_table_whose_rows_know_their_file(write):
    more = b"id;fee;Churn\nc;2;No\n"
    paths = [write("a.csv", CSV), write("b.csv", more)]

    table = read_table(paths)

    assert (table.name, name_files(paths)) == ("a.csv and 1 more", "a.csv and 1 more")
    assert texts_of(table)["id"] == ["a", "b", "c"]
    assert [table.place(row) for row in range(3)] == [
        "line 2 of a.csv",
        "line 3 of a.csv",
        "line 2 of b.csv",
    ]
    assert table.locate(table.columns[2], {"No"}) == "line 2 of a.csv (and 1 more)"
    assert table.sha256 == hashlib.sha256(CSV + more).hexdigest()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"id,Churn\nc,No\n", 'b.csv: a.csv has a column "fee", b.csv has none'),
        (b"id,fee,x,Churn\nc,1,2,No\n", 'b.csv: b.csv has a column "x", a.csv has none'),
        (b"fee,id,Churn\n1,c,No\n", "b.csv: has the columns of a.csv in another order"),
        (b"id,fee,Churn\n", "b.csv: has a header line but no customers"),
    ],
)
def test_files_of_other_columns_are_refused(write, data, message):
    paths = [write("a.csv", CSV), write("b.csv", data)]

    with pytest.raises(DataError) as refusal:
        read_table(paths)

    assert str(refusal.value) == message


def test_files_of_one_name_are_refused(write):
    path = write("a.csv", CSV)

    with pytest.raises(DataError, match=r"a\.csv: is the name of several files; give each its own"):
        read_table([path, path])


def test_parquet_is_read_as_a_csv_of_the_same_values(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["a", "b", None],
            "fee": [1.5, None, 0.1],
            "count": [1, 2, 3],
            "is_new": [True, False, True],
            "since": pd.to_datetime(["2026-01-31", "2026-02-01", "2026-02-02"]),
            "plan": pd.Categorical(["x", None, "x"]),
        }
    )
    path = tmp_path / "t.parquet"
    frame.to_parquet(path)

    table = read_table(path)

    assert texts_of(table) == {
        "id": ["a", "b", ""],
        "fee": ["1.5", "", "0.1"],
        "count": ["1", "2", "3"],
        "is_new": ["True", "False", "True"],
        "since": ["2026-01-31T00:00:00", "2026-02-01T00:00:00", "2026-02-02T00:00:00"],
        "plan": ["x", "", "x"],
    }
    assert (table.place(1), table.sha256) == (
        "row 2",
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def test_parquet_of_lists_is_refused(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"id": ["a"], "tags": [["x", "y"]]}).to_parquet(path)

    with pytest.raises(DataError, match=r't\.parquet: column "tags": holds list'):
        read_table(path)


def test_broken_parquet_is_refused(write):
    with pytest.raises(DataError, match=r"t\.parquet: is no sound Parquet file"):
        read_table(write("t.parquet", b"PAR1 and nothing else PAR1"))


def test_csv_and_parquet_make_no_table(write, tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"id": ["a"]}).to_parquet(path)

    with pytest.raises(DataError, match=r"a\.csv: is Parquet or CSV, and another file isn't"):
        read_table([write("a.csv", CSV), path])


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError) as absent:
        read_table(tmp_path / "no.csv")
    with pytest.raises(DataError) as folder:
        read_table(tmp_path)

    assert str(absent.value) == f"{tmp_path / 'no.csv'}: can't be read (No such file or directory)"
    assert str(folder.value) == f"{tmp_path}: can't be read (Is a directory)"
