"""Columns of text become what the model scores: numbers, and categories that it knows.

A column of nothing but plain numbers in range, or of known categories, is converted whole. Any
other is read cell by cell by `records`, each different text once.
"""

from collections.abc import Sequence
from itertools import islice
from math import isfinite

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
    values: list[Sequence] = []
    limits = zip(artifact.lows, artifact.highs, strict=True)
    for column, spec, (low, high) in zip(columns, artifact.features, limits):  # noqa: B905  they come first
        has_format = is_formatted(spec)
        plain = None if has_format else _read_numbers(column, low, high)
        if plain is None:
            known = {} if has_format else read_beside_blanks(column, low, high)
            plain = _read_cells(column, spec, known, notes)
        values.append(plain)
    return values


def read_category_columns(
    artifact: Artifact, columns: list[Sequence[str]], notes: Notes
) -> list[Sequence]:
    """Return what the texts of the categories' columns stand for; see `read_number_columns`."""
    values: list[Sequence] = []
    texts = zip(columns, artifact.features, strict=True)
    for column, spec in islice(texts, len(artifact.lows), None):
        is_known = set(column).issubset(spec["categories"])
        values.append(column if is_known else _read_cells(column, spec, {}, notes))
    return values


def is_formatted(spec: "Feature") -> bool:
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
    column: Sequence[str], spec: "Feature", known: dict[str, object], notes: Notes
) -> list:
    """Return what the texts stand for, None for one that can't be read; say what was noticed.

    Args:
        column: the texts.
        spec: of the feature.
        known: what some of them stand for; there is nothing to say about these.
        notes: where errors are told, and where warnings.
    """
    values, (errors, warnings) = known, notes
    messages: dict[str, tuple[list[Note], str]] = {}
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


def read_beside_blanks(column: Sequence[str], low: float, high: float) -> dict[str, object]:
    """Return what the texts of a column stand for that is plain but for blanks; none of another."""
    texts = [text for text in set(column) if text and not text.isspace()]
    numbers = _read_numbers(texts, low, high) if texts else None
    return dict(zip(texts, numbers, strict=True)) if numbers else {}
