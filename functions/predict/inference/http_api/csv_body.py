"""A CSV table becomes records; the answer is the same table with some columns more."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import chain

from inference.errors import BodyError, TooLargeError
from inference.http_api.messages import Response, sized_response
from inference.http_api.options import MAX_RECORDS
from inference.scoring.batch import Batch

MAX_CELLS = 1_000_000  # of a table; more would not fit into the memory of a small function


class RaggedRow:
    """A row with more or fewer cells than the header: no record, but its cells are kept."""

    __slots__ = ("cells", "message")

    def __init__(self, cells: list[str], expected: int) -> None:
        self.cells = cells + [""] * (expected - len(cells))
        self.message = f"expected {expected} cells, got {len(cells)}"


def read_csv(text: str) -> list[dict | RaggedRow]:
    """Return the rows of a table as records, all values text; blank lines are skipped.

    Raises:
        BodyError: no comma-separated table, or a column that is there twice.
        TooLargeError: more than MAX_RECORDS rows or MAX_CELLS cells.
    """
    header, rows = _read_rows(text)
    return [
        dict(zip(header, row, strict=True))
        if len(row) == len(header)
        else RaggedRow(row, len(header))
        for row in rows
    ]


def _read_rows(text: str) -> tuple[list[str], list[list[str]]]:
    # Excel writes a byte order mark; newline="" leaves line breaks inside quotes as they are.
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    cells = 0
    try:
        header = next(filter(None, reader), header)
        _check_header(header)
        for row in filter(None, reader):
            rows.append(row)
            cells += len(row)
            if len(rows) > MAX_RECORDS:
                raise TooLargeError(f"records: expected at most {MAX_RECORDS:,} rows")
            if cells > MAX_CELLS:
                raise TooLargeError(f"body: expected at most {MAX_CELLS:,} cells")
    except csv.Error as error:
        raise BodyError(f"body: expected CSV; line {reader.line_num} can't be read") from error
    return header, rows


def _check_header(header: list[str]) -> None:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise BodyError("header: expected commas between the columns, got semicolons or tabs")
    if len(set(header)) != len(header):
        raise BodyError("header: a column is there twice")


def explain_ragged_rows(records: list, batch: Batch) -> None:
    """Put what is wrong with each ragged row in place of "not an object"."""
    batch.errors = [
        (index, field, getattr(records[index], "message", message))
        for index, field, message in batch.errors
    ]


def write_csv(records: list, batch: Batch, advice: dict | None = None) -> Response:
    """Return the response with the records' own columns, and those that the answer adds.

    Warnings have no column; how many there are stands in the header `x-warnings`.

    Args:
        records: as they were scored.
        batch: what came of them.
        advice: reasons and offers, where the request asked for some.

    Raises:
        BodyError: a record has one of the added columns already.
        TooLargeError: the table or the answer would be too large.
    """
    tables = (record for record in records if isinstance(record, dict))
    header = list(dict.fromkeys(chain.from_iterable(tables)))
    results: dict[str, list] = {"churn_probability": batch.predictions, "churn_label": batch.labels}
    if advice:
        from inference.advice.additions import list_columns

        results |= list_columns(advice)
    taken = [name for name in (*results, "error") if name in header]
    if taken:
        raise BodyError(f'rename the field "{taken[0]}": the answer adds a column of that name')
    if len(header) * len(records) > MAX_CELLS:
        raise TooLargeError(f"the answer would have more than {MAX_CELLS:,} cells; accept JSON")
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([*header, *results, "error"])
    writer.writerows(_answer_rows(records, header, batch.errors, results))
    response = sized_response(200, text.getvalue(), "text/csv; charset=utf-8")
    if batch.warnings:
        response.headers["x-warnings"] = str(len(batch.warnings))
    return response


def _answer_rows(
    records: list,
    header: list[str],
    problems: list[tuple[int, str | None, str]],
    results: dict[str, list],
) -> Iterator[list]:
    errors: dict[int, list[str]] = {}
    for index, field, message in problems:
        errors.setdefault(index, []).append(f"{field}: {message}" if field else message)
    rows = zip(records, *results.values(), strict=True)
    for index, (record, *cells) in enumerate(rows):
        yield [*_own_cells(record, header), *cells, "; ".join(errors.get(index, ()))]


def _own_cells(record: object, header: list[str]) -> list:
    if isinstance(record, RaggedRow):
        return record.cells[: len(header)]
    if not isinstance(record, dict):
        return [None] * len(header)
    return [_to_cell(record.get(name)) for name in header]


def _to_cell(value: object) -> object:
    """Return what the writer makes a cell of; lists and objects have no place in one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | int | float) else None
