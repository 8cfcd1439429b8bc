"""Rows of text become probabilities and labels, column by column: the fast way for tables.

A column of nothing but plain numbers in range, or of known categories, is converted whole. Any
other is read cell by cell by `records`, each different text once. What comes out equals
`score_records` of the same rows bit for bit, messages included.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, repeat
from math import isfinite

from inference.scoring.artifact import Artifact
from inference.scoring.batch import Batch, score_records
from inference.scoring.records import FieldError, read_field

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

BLOCK = 500  # rows whose columns stay in the processor's cache; see bench_bulk.py

Notes = list[tuple[int, str | None, str]]  # row, field, message
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
    notes: tuple[Notes, Notes] = [], []
    ranges = zip(artifact.lows, artifact.highs, strict=True)
    numbers: list[Sequence] = [
        _read_number_column(column, spec, limits, notes)
        for column, spec, limits in zip(columns, artifact.features, ranges)  # noqa: B905  they come first
    ]
    count, rows = len(numbers), len(columns[0])
    try:
        predictions = _score_readable(artifact, numbers + columns[count:], rows, notes[0])
    except KeyError:  # a text that no table of the model has
        texts = zip(columns[count:], artifact.features[count:], strict=True)
        categories = [_read_category_column(column, spec, notes) for column, spec in texts]
        predictions = _score_readable(artifact, numbers + categories, rows, notes[0])
    shift = range(len(batch.predictions), len(batch.predictions) + rows)
    errors, warnings = (sorted(told, key=_get_row) for told in notes)
    bad = {row for row, _, _ in errors}
    batch.predictions += predictions
    batch.errors += _move(errors, shift)
    batch.warnings += _move([warning for warning in warnings if warning[0] not in bad], shift)


def _score_readable(
    artifact: Artifact, values: list[Sequence], rows: int, errors: Notes
) -> Sequence[float | None]:
    """Return a probability for each row that has no error."""
    if not errors:
        return _score_values(artifact, values, rows)
    bad = {row for row, _, _ in errors}
    is_good = [row not in bad for row in range(rows)]
    good: list[Sequence] = [[*compress(column, is_good)] for column in values]
    return _spread(_score_values(artifact, good, rows - len(bad)), is_good)


def _read_number_column(
    column: Sequence[str], spec: "Feature", limits: tuple[float, float], notes: tuple[Notes, Notes]
) -> list:
    if _is_formatted(spec):
        return _read_cells(column, spec, {}, notes)
    plain = _read_numbers(column, *limits)
    return plain or _read_cells(column, spec, _read_beside_blanks(column, limits), notes)


def _read_category_column(
    column: Sequence[str], spec: "Feature", notes: tuple[Notes, Notes]
) -> Sequence:
    if set(column).issubset(spec["categories"]):
        return column
    return _read_cells(column, spec, {}, notes)


def _is_formatted(spec: "Feature") -> bool:
    """Return whether a text may mean another number than its digits say, or none."""
    return "number_format" in spec or "missing" in spec


def _read_numbers(column: Sequence[str], low: float, high: float) -> list[float] | None:
    """Return a column of plain numbers within a range; None for any other."""
    try:
        numbers = [*map(float, column)]
    except ValueError:
        return None
    in_range = low <= min(numbers) and max(numbers) <= high and isfinite(sum(numbers))
    # float takes 1_000 and the digits of any script, which are no numbers in a record.
    return numbers if in_range and (text := "".join(column)).isascii() and "_" not in text else None


def _read_cells(
    column: Sequence[str], spec: "Feature", known: dict[str, object], notes: tuple[Notes, Notes]
) -> list:
    """Return what the texts stand for, None for one that can't be read; say what was noticed.

    Args:
        column: the texts.
        spec: of the feature.
        known: what some of them stand for; there is nothing to say about these.
        notes: where errors are told, and where warnings.
    """
    values, (errors, warnings) = known, notes
    messages: dict[str, tuple[Notes, str]] = {}
    for text in set(column) - values.keys():
        try:
            values[text], warning = read_field(text, spec)
        except FieldError as error:
            values[text] = None
            messages[text] = errors, str(error)
        else:
            if warning:
                messages[text] = warnings, warning
    for row, text in enumerate(column):
        if text in messages:
            told, message = messages[text]
            told.append((row, spec["name"], message))
    return [values[text] for text in column]


def _read_beside_blanks(column: Sequence[str], limits: tuple[float, float]) -> dict[str, object]:
    """Return what the texts of a column stand for that is plain but for blanks; none of another."""
    texts = [text for text in set(column) if text and not text.isspace()]
    numbers = _read_numbers(texts, *limits) if texts else None
    return dict(zip(texts, numbers, strict=True)) if numbers else {}


def _score_values(artifact: Artifact, values: list[Sequence], rows: int) -> list[float]:
    count = len(artifact.lows)
    numbers = _turn(values[:count], rows)
    return [*map(artifact.link, map(artifact.score, numbers, _turn(values[count:], rows)))]


def _turn(columns: list[Sequence], rows: int) -> Iterable[tuple]:
    """Return the rows of columns, of which there may be none."""
    return zip(*columns, strict=True) if columns else repeat((), rows)


def _spread(values: list, is_there: list[bool]) -> list:
    """Return the values at the places that have one, and None at the others."""
    rest: Iterator = iter(values)
    return [next(rest) if has_value else None for has_value in is_there]


def _move(notes: Notes, places: Sequence[int]) -> Notes:
    return [(places[row], field, message) for row, field, message in notes]


def _get_row(note: tuple[int, str | None, str]) -> int:
    return note[0]
