"""An answer of /predict as CSV: the table that was sent, with some columns more."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import chain

from inference.errors import BodyError, TooLargeError
from inference.http_api.csv_body import MAX_CELLS, Table
from inference.http_api.request import CSV
from inference.http_api.response import Response, sized_response
from inference.scoring.batch import Batch


def table_response(table: Table, batch: Batch, added: dict[str, list]) -> Response:
    """Return the response with a table's own columns, and those that the answer adds.

    Warnings have no column; how many there are stands in the header `x-warnings`.

    Args:
        table: what was scored; cells beyond its header are cut.
        batch: what came of its rows.
        added: further columns, name -> a cell per row.

    Raises:
        BodyError: the table has one of the added columns already.
        TooLargeError: the answer would be larger than Lambda sends.
    """
    results: dict[str, list] = {"churn_probability": batch.predictions, "churn_label": batch.labels}
    results |= added
    taken = [name for name in (*results, "error") if name in table.header]
    if taken:
        raise BodyError(f'rename the field "{taken[0]}": the answer adds a column of that name')
    text = StringIO()
    writer = csv.writer(text, delimiter=table.delimiter)
    writer.writerow([*table.header, *results, "error"])
    writer.writerows(_list_rows(table, results, batch))
    response = sized_response(200, text.getvalue(), f"{CSV}; charset=utf-8")
    if batch.warnings:
        response.headers["x-warnings"] = str(len(batch.warnings))
    return response


def to_table(records: list) -> Table:
    """Return records of JSON as a table: a column for each field that one of them has.

    Raises:
        TooLargeError: it would have more than MAX_CELLS.
    """
    objects = [record if isinstance(record, dict) else {} for record in records]
    header = list(dict.fromkeys(chain.from_iterable(objects)))
    if len(header) * len(objects) > MAX_CELLS:
        raise TooLargeError(f"the answer would have more than {MAX_CELLS:,} cells; accept JSON")
    return Table(header, [[_to_cell(fields.get(name)) for name in header] for fields in objects])


def _to_cell(value: object) -> object:
    """Return what the writer makes a cell of; lists and objects have no place in one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | int | float) else None


def _list_rows(table: Table, results: dict[str, list], batch: Batch) -> Iterator[list]:
    errors: dict[int, list[str]] = {}
    for index, field, message in batch.errors:
        errors.setdefault(index, []).append(f"{field}: {message}" if field else message)
    width = len(table.header)
    for index, (row, *cells) in enumerate(zip(table.rows, *results.values(), strict=True)):
        own = row if len(row) == width else row[:width] + [""] * (width - len(row))
        yield [*own, *cells, "; ".join(errors.get(index, ()))]
