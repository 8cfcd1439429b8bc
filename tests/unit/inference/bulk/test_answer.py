import csv
from io import StringIO

import pytest

from inference.advice import reasons as reasons_room
from inference.advice.economics import expected_gain
from inference.bulk.answer import BLOCK_BYTES, score_piece, write_header
from inference.bulk.job import make_job
from inference.bulk.tally import Tally
from inference.scoring.batch import score_records

HEADER = ["customerID", "tenure", "charges", "contract", "paperless"]
PIECE = (
    b"A,10,90,Month-to-month,Yes\r\n"
    b'"B, 2",,30,Two year,No\r\n'
    b"C,x,1e999,Two year,No\r\n"
    b"D,1\r\n"
    b'E,1,2,"x"y,No\r\n'
    b"\xc3\xa9\xe9,10,90,Month-to-month,Yes\r\n"
    b"F,70,30,Two year,No"
)
ERRORS = [
    "",
    "",
    "tenure: expected a number, got text; charges: expected a finite number",
    "expected 5 cells, got 2",
    "can't be read as CSV: is a quote out of place?",
    "is neither UTF-8 nor Windows-1252",
    "",
]
CLEAN = [
    {"tenure": "10", "charges": "90", "contract": "Month-to-month", "paperless": "Yes"},
    {"tenure": "", "charges": "30", "contract": "Two year", "paperless": "No"},
    {"tenure": "70", "charges": "30", "contract": "Two year", "paperless": "No"},
]


def rows_of(answer):
    return list(csv.reader(StringIO(answer.decode("utf-8", "surrogateescape"), newline="")))


@pytest.fixture
def scores(artifact):
    batch = score_records(artifact, CLEAN)
    return [[repr(p), str(n)] for p, n in zip(batch.predictions, batch.labels, strict=True)]


def io_row(cells):
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def spread(scores, width):
    """Put the scores of the clean rows where they stand in PIECE."""
    return [scores[0], scores[1], *4 * [[""] * width], scores[2]]


def test_short_answer_has_a_row_for_each_row(artifact, scores):
    job = make_job(artifact, HEADER, ",", {})

    answer, tally = score_piece(job, PIECE)

    ids = ["A", "B, 2", "C", "D", "", "é\udce9", "F"]
    assert write_header(job) == b"customerID,churn_probability,churn_label,error\r\n"
    assert rows_of(answer) == [
        [name, *score, error]
        for name, score, error in zip(ids, spread(scores, 2), ERRORS, strict=True)
    ]
    assert (tally.customers, tally.scored) == (7, 3)
    assert tally.errors["expected 5 cells, got 2"] == [1, [4]]
    assert tally.errors["can't be read as CSV: is a quote out of place?"] == [1, [5]]
    assert tally.warnings == {"tenure: blank; scored as 29.0, as in training": 1}


def test_answer_of_a_table_without_ids_has_none(artifact, scores):
    job = make_job(artifact, HEADER[1:], ",", {})

    answer, _ = score_piece(job, b"10,90,Month-to-month,Yes\n")

    assert rows_of(answer) == [[*scores[0], ""]]


def test_whole_answer_repeats_the_tables_own_cells(artifact, scores):
    job = make_job(artifact, HEADER, ",", {"columns": "all"})

    answer, _ = score_piece(job, PIECE)

    rows = rows_of(answer)
    assert rows[0] == ["A", "10", "90", "Month-to-month", "Yes", *scores[0], ""]
    assert rows[3] == ["D", "1", "", "", "", "", "", ERRORS[3]]
    assert rows[4] == [""] * 7 + [ERRORS[4]]
    assert [len(row) for row in rows] == [8] * 7


def test_threshold_moves_the_labels(artifact):
    job = make_job(artifact, HEADER, ",", {"threshold": 0.9})

    answer, tally = score_piece(job, PIECE)

    assert rows_of(answer)[0][2] == "0"
    assert tally.churners == 0


@pytest.mark.parametrize("visits", [700_000, 1], ids=["all at once", "one at a time"])
def test_reasons_and_gain_stand_beside_each_score(artifact, scores, monkeypatch, visits):
    figures = {"value": 600, "cost": 50, "success": 0.3}
    job = make_job(artifact, HEADER, ",", {"reasons": 2, "economics": figures})
    monkeypatch.setattr(reasons_room, "MAX_VISITS", visits)
    found = reasons_room.explain_records(artifact, CLEAN, [0.5, 0.5, 0.5], 2)["reasons"]

    rows = rows_of(score_piece(job, PIECE)[0])

    expected = [
        [
            *score,
            *(str(cell) for reason in listed for cell in (reason["feature"], reason["effect"])),
            repr(expected_gain(float(score[0]), **figures)),
        ]
        for score, listed in zip(scores, found, strict=True)
    ]
    assert [row[1:-1] for row in rows] == spread(expected, 7)


def test_rows_that_can_not_be_scored_have_no_reasons(artifact):
    job = make_job(artifact, HEADER, ",", {"reasons": 1})

    answer, _ = score_piece(job, b"C,x,1,Two year,No\n")

    error = "tenure: expected a number, got text"
    assert rows_of(answer) == [["C", "", "", "", "", error]]


def test_semicolons_may_stand_between_the_cells(artifact, scores):
    job = make_job(artifact, HEADER, ";", {})

    answer, _ = score_piece(job, b"A;10;90;Month-to-month;Yes\n")

    assert answer.decode() == ";".join(["A", *scores[0], ""]) + "\r\n"


@pytest.mark.parametrize("name", ["B, 2", 'B"2', "B\n2", "B"])
def test_clean_rows_are_written_as_the_csv_module_does(artifact, scores, name):
    job = make_job(artifact, HEADER, ",", {"columns": "short"})
    row = io_row([name, "10", "90", "Month-to-month", "Yes"])

    answer, _ = score_piece(job, row)

    assert answer == io_row([name, *scores[0], ""])


@pytest.mark.parametrize("options", [{}, {"columns": "all", "reasons": 1}], ids=["short", "all"])
def test_plain_rows_are_answered_like_those_read_with_care(artifact, options):
    """A quote around a cell says nothing, but has its block read row by row."""
    job = make_job(artifact, HEADER, ",", options)
    rows = [f"{n},{n % 90},{n}.5,Two year,{'Yes' if n % 2 else 'Maybe'}\n" for n in range(5_000)]
    rows[3_000] = "x,x,1,Two year,No\n"
    piece = "".join(rows).encode()

    plain = score_piece(job, piece)

    assert len(piece) > 2 * BLOCK_BYTES
    assert plain == score_piece(job, piece.replace(b"Two year", b'"Two year"'))
    assert plain[1].customers == len(rows)
    assert plain[1].errors == {"tenure: expected a number, got text": [1, [3_001]]}


def test_no_rows_are_no_answer(artifact):
    assert score_piece(make_job(artifact, HEADER, ",", {}), b"\r\n\r\n") == (b"", Tally())
