"""Rows of text become probabilities and labels, column by column: the fast way for tables.

What comes out equals `score_records` of the same rows bit for bit, messages included.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

from inference.columns.cells import Note, Notes, read_category_columns, read_number_columns
from inference.scoring.artifact import Artifact
from inference.scoring.batch import Batch, score_records
from inference.scoring.blocks import compile_blocks, turn
from inference.scoring.records import Categories, Numbers

FEW = 50  # rows: fewer are faster one by one
BLOCK = 500  # rows whose columns stay in the processor's cache; see bench_bulk.py

Rows = Sequence[Sequence[str]]


def score_rows(
    artifact: Artifact, header: Sequence[str], rows: Rows, threshold: float | None = None
) -> Batch:
    """Return each row's churn probability, and the label 1 where it reaches the threshold.

    Args:
        artifact: the model that serves.
        header: the columns' names, each there once.
        rows: their cells; a row with more or fewer than the header has is an error of that row.
        threshold: 0 to 1; None means the artifact's own.
    """
    width = len(header)
    is_fitting = [len(row) == width for row in rows]
    if all(is_fitting):
        return _score_fitting(artifact, header, rows, threshold)
    places = [*compress(range(len(rows)), is_fitting)]
    fitting = _score_fitting(artifact, header, [rows[place] for place in places], threshold)
    batch = Batch()
    batch.predictions = _spread(fitting.predictions, is_fitting)
    batch.labels = _spread(fitting.labels, is_fitting)
    batch.warnings = _move(fitting.warnings, places)
    misfits = [
        (index, None, f"expected {width} cells, got {len(row)}")
        for index, row in enumerate(rows)
        if len(row) != width
    ]
    batch.errors = sorted([*_move(fitting.errors, places), *misfits], key=_get_row)
    return batch


def score_columns(
    artifact: Artifact,
    header: Sequence[str],
    columns: Sequence[Sequence[str]],
    threshold: float | None = None,
) -> Batch:
    """Return what `score_rows` does, of a block of rows whose columns are at hand.

    Args:
        artifact: the model that serves.
        header: the columns' names, each there once, the features' among them.
        columns: their cells; BLOCK of each or about as many are fastest.
        threshold: 0 to 1; None means the artifact's own.
    """
    batch = Batch()
    _score_block(artifact, [columns[place] for place in _find_places(artifact, header)], batch)
    return _label(artifact, batch, threshold)


def encode_rows(
    artifact: Artifact, header: Sequence[str], rows: Rows
) -> Iterable[tuple[Numbers, Categories]]:
    """Return what the model scores of rows that `score_rows` found no error in.

    Args:
        artifact: the model that serves.
        header: the columns' names, each there once, the features' among them.
        rows: their cells, as many as there are columns.
    """
    table: list[Sequence[str]] = [*zip(*rows, strict=True)]
    if not table:
        return ()
    columns = [table[place] for place in _find_places(artifact, header)]
    values = read_number_columns(artifact, columns, ([], []))
    values += read_category_columns(artifact, columns, ([], []))
    count = len(artifact.lows)
    return zip(turn(values[:count], len(rows)), turn(values[count:], len(rows)), strict=False)


def _score_fitting(
    artifact: Artifact, header: Sequence[str], rows: Rows, threshold: float | None
) -> Batch:
    if not {spec["name"] for spec in artifact.features} <= set(header):
        records = [dict(zip(header, row, strict=True)) for row in rows]
        return score_records(artifact, records, threshold)  # which says what is absent
    batch = Batch()
    places = _find_places(artifact, header)
    for start in range(0, len(rows), BLOCK):
        table = [*zip(*rows[start : start + BLOCK], strict=True)]
        _score_block(artifact, [table[place] for place in places], batch)
    return _label(artifact, batch, threshold)


def _find_places(artifact: Artifact, header: Sequence[str]) -> list[int]:
    return [header.index(spec["name"]) for spec in artifact.features]


def _label(artifact: Artifact, batch: Batch, threshold: float | None) -> Batch:
    cut = artifact.threshold if threshold is None else threshold
    batch.labels = [None if p is None else 1 if p >= cut else 0 for p in batch.predictions]
    return batch


def _score_block(artifact: Artifact, columns: list[Sequence[str]], batch: Batch) -> None:
    notes: Notes = [], []
    numbers = read_number_columns(artifact, columns, notes)
    rows = len(columns[0])
    try:
        values = numbers + columns[len(numbers) :]
        predictions = _score_readable(artifact, values, rows, notes[0])
    except KeyError:  # a text that no table of the model has
        values = numbers + read_category_columns(artifact, columns, notes)
        predictions = _score_readable(artifact, values, rows, notes[0])
    shift = range(len(batch.predictions), len(batch.predictions) + rows)
    errors, warnings = (sorted(told, key=_get_row) for told in notes)
    bad = {row for row, _, _ in errors}
    batch.predictions += predictions
    batch.errors += _move(errors, shift)
    batch.warnings += _move([warning for warning in warnings if warning[0] not in bad], shift)


def _score_readable(
    artifact: Artifact, values: list[Sequence], rows: int, errors: list[Note]
) -> Sequence[float | None]:
    """Return a probability for each row that has no error."""
    if not errors:
        return _score_values(artifact, values, rows)
    bad = {row for row, _, _ in errors}
    is_good = [row not in bad for row in range(rows)]
    good: list[Sequence] = [[*compress(column, is_good)] for column in values]
    return _spread(_score_values(artifact, good, rows - len(bad)), is_good)


def _score_values(artifact: Artifact, values: list[Sequence], rows: int) -> list[float]:
    count = len(artifact.lows)
    numbers, categories = values[:count], values[count:]
    if rows >= FEW:
        return [*map(artifact.link, compile_blocks(artifact)(numbers, categories, rows))]
    scores = map(artifact.score, turn(numbers, rows), turn(categories, rows))
    return [*map(artifact.link, scores)]


def _spread(values: list, is_there: list[bool]) -> list:
    """Return the values at the places that have one, and None at the others."""
    rest: Iterator = iter(values)
    return [next(rest) if has_value else None for has_value in is_there]


def _move(notes: list[Note], places: Sequence[int]) -> list[Note]:
    return [(places[row], field, message) for row, field, message in notes]


def _get_row(note: Note) -> int:
    return note[0]
