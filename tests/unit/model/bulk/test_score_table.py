import csv
import gzip
import io
import re
import sys
from math import exp
from types import SimpleNamespace

import pytest

from model.bulk.score_table import score_table
from model.bulk.table_file import PIPE
from model.errors import DataError, ModelError

EXPECTED = [
    ["id", "churn_probability", "churn_label", "error"],
    ["A", 0.5, "1", ""],
    ["B", 1 / (1 + exp(-2)), "1", ""],
    ["C", None, "", "tenure: expected a number, got text"],
    ["D", 1 / (1 + exp(-1.05)), "1", ""],
]


def read(body):
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    return [
        [row[0], float(row[1]) if row[1] else None, *row[2:]] if place else row
        for place, row in enumerate(rows)
    ]


def approximately(rows):
    return [[row[0], pytest.approx(row[1], abs=1e-15), *row[2:]] for row in rows]


def test_answer_has_a_row_for_each_row_and_the_summary_counts_them(tmp_path, model_file, table):
    source, answer = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(table, "utf-8")

    summary = score_table(model_file, source, answer, {"calls": 2}, 1)

    rows = read(answer.read_bytes())
    assert rows[0] == EXPECTED[0]
    assert rows[1:] == approximately(EXPECTED[1:])
    assert summary.pop("seconds") >= 0
    assert summary == {
        "model_version": "20261124T000000Z-000000000000",
        "threshold": 0.5,
        "customers": 4,
        "scored": 3,
        "churners": 3,
        "not_scored": 1,
        "errors": [
            {"message": "tenure: expected a number, got text", "rows": 1, "first_rows": [3]}
        ],
        "warnings": [{"message": "tenure: blank; scored as 29.0, as in training", "rows": 1}],
        "histogram": [*10 * [0], 1, *3 * [0], 1, 0, 0, 1, 0, 0],
        "reach": {"calls": 2, "probability": 0.74, "customers": 2},
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"\n", b"\r\n"),
        lambda body: body.rstrip(b"\n"),
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.replace(b"\n", b"\n\n"),
        gzip.compress,
        lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:]),
    ],
    ids=[
        "CRLF",
        "no final newline",
        "byte order mark",
        "blank lines",
        "gzip",
        "gzips",
    ],
)
def test_table_written_otherwise_has_the_same_answer(tmp_path, model_file, table, change):
    source, answer = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(change(table.encode()))

    score_table(model_file, source, answer, {}, 1)

    assert read(answer.read_bytes())[1:] == approximately(EXPECTED[1:])


def test_semicolons_are_answered_with_semicolons(tmp_path, model_file, table):
    source, answer = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(table.replace(",", ";"), "utf-8")

    score_table(model_file, source, answer, {}, 1)

    rows = list(csv.reader(io.StringIO(answer.read_text("utf-8")), delimiter=";"))
    assert [row[0] for row in rows] == ["id", "A", "B", "C", "D"]
    assert [row[2] for row in rows[1:]] == ["1", "1", "", "1"]


def test_header_only_is_answered_by_a_header(tmp_path, model_file):
    source, answer = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"id,tenure,contract")

    summary = score_table(model_file, source, answer, {}, 1)

    assert read(answer.read_bytes()) == EXPECTED[:1]
    assert summary["customers"] == 0


def test_processes_write_what_one_does(tmp_path, model_file):
    source = tmp_path / "in.csv"
    rows = [f'{n},{n % 90},"{"month" if n % 2 else "year"}"\n' for n in range(150_000)]
    source.write_text("id,tenure,contract\n" + "".join(rows), "utf-8")

    alone = score_table(model_file, source, tmp_path / "alone.csv", {}, 1)
    together = score_table(model_file, source, tmp_path / "together.csv", {}, 2)

    assert (tmp_path / "alone.csv").read_bytes() == (tmp_path / "together.csv").read_bytes()
    assert together | {"seconds": 0} == alone | {"seconds": 0}
    assert together["customers"] == 150_000


def test_pipes_work_as_files_do(model_file, table, monkeypatch):
    output = io.BytesIO()
    source = io.BufferedReader(io.BytesIO(gzip.compress(table.encode())))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=source))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=output))

    score_table(model_file, PIPE, PIPE, {}, 1)

    assert read(output.getvalue())[1:] == approximately(EXPECTED[1:])


def test_answer_is_gzipped_where_its_name_says_so(tmp_path, model_file, table):
    source, answer = tmp_path / "in.csv", tmp_path / "out.csv.gz"
    source.write_text(table, "utf-8")

    score_table(model_file, source, answer, {}, 1)
    first = answer.read_bytes()
    score_table(model_file, source, answer, {}, 1)

    assert read(gzip.decompress(first))[1:] == approximately(EXPECTED[1:])
    assert answer.read_bytes() == first


@pytest.mark.parametrize(
    ("body", "request_", "error", "message"),
    [
        (b"", {}, DataError, "in.csv: the table is empty: expected a header"),
        (
            b"id,Tenure,contract\n",
            {},
            DataError,
            'in.csv: the header lacks "tenure" (there is "Tenure")',
        ),
        (
            gzip.compress(b"id,tenure,contract\n" * 9)[:-9],
            {},
            DataError,
            "in.csv: the gzip file is cut off or damaged",
        ),
        (
            b"id,tenure,contract\n",
            {"threshold": 2},
            ModelError,
            "threshold: expected a number from 0 to 1",
        ),
    ],
    ids=["empty", "other columns", "half a gzip", "bad option"],
)
def test_what_can_not_be_used_is_refused_and_leaves_no_file(
    tmp_path, model_file, body, request_, error, message
):
    source = tmp_path / "in.csv"
    source.write_bytes(body)

    with pytest.raises(error, match=re.escape(message) + "$"):
        score_table(model_file, source, tmp_path / "out.csv", request_, 1)

    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_table_that_is_not_there_is_named(tmp_path, model_file):
    with pytest.raises(DataError, match=r"gone\.csv: can't be read"):
        score_table(model_file, tmp_path / "gone.csv", tmp_path / "out.csv", {}, 1)


def test_file_that_holds_no_model_is_refused(tmp_path, table):
    (tmp_path / "in.csv").write_text(table, "utf-8")

    with pytest.raises(ModelError, match="the model file can't be used: not a JSON document"):
        score_table(b"x", tmp_path / "in.csv", tmp_path / "out.csv", {}, 1)
