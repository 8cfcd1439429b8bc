"""Columns of text become what the model scores: numbers, and categories that it knows.

Plain numbers in range and known categories are converted by the column. Anything else is read cell
by cell by `records`, each different text once.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from math import inf, isfinite

from inference.scoring.artifact import Artifact
from inference.scoring.records import FieldError, read_field

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

Note = tuple[int, str | None, str]  # row, field, message
Notes = tuple[list[Note], list[Note]]  # errors, warnings


def read_number_columns(
    artifact: Artifact, columns: list[Sequence[str]], notes: Notes
) -> list[Sequence]:
    """Return what the texts of the numbers' columns stand for; None for one that can't be read.

    Args:
        artifact: the model that serves.
        columns: the texts, of each feature.
        notes: where errors are told, and where warnings; in the features' order.
    """
    limits = zip(artifact.lows, artifact.highs, strict=True)
    return [
        _read_number_column(column, spec, low, high, notes)
        for column, spec, (low, high) in zip(columns, artifact.features, limits)  # noqa: B905  they come first
    ]


def read_category_columns(
    artifact: Artifact, columns: list[Sequence[str]], notes: Notes
) -> list[Sequence]:
    """Return what the texts of the categories' columns stand for; see `read_number_columns`."""
    values: list[Sequence] = []
    texts = zip(columns, artifact.features, strict=True)
    for column, spec in islice(texts, len(artifact.lows), None):
        is_known = set(column).issubset(spec["categories"])
        values.append(column if is_known else _read_cells(enumerate(column), spec, notes))
    return values


def is_formatted(spec: "Feature") -> bool:
    """Return whether a text may mean another number than its digits say, or none."""
    return "number_format" in spec or "missing" in spec


def read_beside_blanks(column: Sequence[str]) -> dict[str, float]:
    """Return what the texts of a column stand for that is plain but for blanks; none of another."""
    texts = [text for text in set(column) if text and not text.isspace()]
    return dict(zip(texts, _convert(texts) or (), strict=False))


def _read_number_column(
    column: Sequence[str], spec: "Feature", low: float, high: float, notes: Notes
) -> list:
    numbers = None if is_formatted(spec) else _convert(column)
    if numbers is None:
        return _read_cells(enumerate(column), spec, notes)
    if low <= min(numbers) and max(numbers) <= high and isfinite(sum(numbers)):
        return numbers
    odd = [row for row, number in enumerate(numbers) if not low <= number <= high]
    values = _read_cells(((row, column[row]) for row in odd), spec, notes)
    for row, value in zip(odd, values, strict=True):
        numbers[row] = value
    return numbers


def _convert(column: Sequence[str]) -> list[float] | None:
    """Return a column of numbers, infinity for a blank; None of one that has any other text."""
    text = "".join(column)
    if not text.isascii() or "_" in text:  # float takes 1_000, and the digits of any script
        return None
    try:
        return [*map(float, column)]
    except ValueError:
        pass
    try:
        return [inf if not text or text.isspace() else float(text) for text in column]
    except ValueError:
        return None


def _read_cells(cells: Iterable[tuple[int, str]], spec: "Feature", notes: Notes) -> list:
    """Return what the texts stand for, None for one that can't be read; say what was noticed.

    Args:
        cells: row and text, each.
        spec: of the feature.
        notes: where errors are told, and where warnings.
    """
    errors, warnings = notes
    read: dict[str, tuple[object, list[Note], str | None]] = {}  # value, where to tell, what
    values = []
    value: object
    for row, text in cells:
        if text not in read:
            try:
                value, warning = read_field(text, spec)
                read[text] = value, warnings, warning
            except FieldError as error:
                read[text] = None, errors, str(error)
        value, told, message = read[text]
        if message:
            told.append((row, spec["name"], message))
        values.append(value)
    return values
