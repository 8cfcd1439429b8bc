"""A batch of records becomes probabilities and labels; one bad record doesn't lose the others.

A clean record takes the short way: two look-ups by name, a range check and the compiled model.
Whatever that trips over goes through `records.encode_record`, which knows what to say about it.
"""

from collections.abc import Iterable, Sequence
from math import isfinite

from inference.scoring.artifact import Artifact
from inference.scoring.records import RecordError, encode_record

CHUNK = 250  # records checked together
FEW = 5  # fewer are faster one by one; see bench_scoring.py
MANY = 200  # fewer are scored row by row, because columns of them aren't faster
MAX_LISTED = 100  # errors and warnings listed in one answer, and records searched for misspellings


class Batch:
    """What a batch of records came to; lists run in the records' order.

    `predictions` and `labels` have None for a record that couldn't be scored; `errors` and
    `warnings` are (record index, field or None, message).
    """

    __slots__ = ("errors", "labels", "predictions", "warnings")

    def __init__(self) -> None:
        self.predictions: list[float | None] = []
        self.labels: list[int | None] = []
        self.errors: list[tuple[int, str | None, str]] = []
        self.warnings: list[tuple[int, str | None, str]] = []


def score_records(artifact: Artifact, records: list, threshold: float | None = None) -> Batch:
    """Return each record's churn probability, and the label 1 where it reaches the threshold.

    Args:
        artifact: the model that serves.
        records: field name -> JSON value, each.
        threshold: 0 to 1; None means the artifact's own.
    """
    batch = Batch()
    if len(records) < FEW:
        _score_each(artifact, records, batch)
    else:
        for start in range(0, len(records), CHUNK):
            _score_chunk(artifact, records[start : start + CHUNK], batch)
    cut = artifact.threshold if threshold is None else threshold
    batch.labels = [None if p is None else 1 if p >= cut else 0 for p in batch.predictions]
    return batch


def _score_chunk(artifact: Artifact, records: list, batch: Batch) -> None:
    """Check records by the column, and score many so; one that isn't plain stops it."""
    try:
        rows = [*map(artifact.get_numbers, records)]
        columns: list[Sequence] = [*zip(*rows, strict=True)]
        if not all(map(_is_plain, columns, artifact.lows, artifact.highs)):
            raise TypeError  # noqa: TRY301 - as below
        categories = map(artifact.get_categories, records)
        scores: Iterable[float] = map(artifact.score, rows, categories)
        if len(records) >= MANY:
            from inference.scoring.blocks import compile_blocks  # few records don't pay for it

            score_block = compile_blocks(artifact)
            scores = score_block(columns, [*zip(*categories, strict=True)], len(records))
        probabilities = [*map(artifact.link, scores)]
    except (KeyError, TypeError):
        _score_each(artifact, records, batch)
    else:
        batch.predictions += probabilities


def _is_plain(column: Sequence, low: float, high: float) -> bool:
    """Return whether all are numbers within a range; the sum tells nan, which nothing compares."""
    in_range = low <= min(column) and max(column) <= high and isfinite(sum(column))
    return in_range and bool not in set(map(type, column))


def _score_each(artifact: Artifact, records: list, batch: Batch) -> None:
    lows, highs = artifact.lows, artifact.highs
    for record in records:
        try:
            numbers = artifact.get_numbers(record)
            for number, low, high in zip(numbers, lows, highs):  # noqa: B905 - takes a tenth more
                if type(number) is bool or not low <= number <= high:
                    raise TypeError  # noqa: TRY301 - a function more would cost each record
            score = artifact.score(numbers, artifact.get_categories(record))
            batch.predictions.append(artifact.link(score))
        except (KeyError, TypeError):  # something isn't plain: the careful way finds out what
            batch.predictions.append(_score_carefully(artifact, record, batch))


def _score_carefully(artifact: Artifact, record: object, batch: Batch) -> float | None:
    index = len(batch.predictions)
    try:
        numbers, categories, warnings = encode_record(
            record,
            artifact.features,
            has_suggestions=len(batch.errors) < MAX_LISTED,
        )
    except RecordError as error:
        batch.errors += [(index, field, message) for field, message in error.problems]
        return None
    batch.warnings += [(index, field, message) for field, message in warnings]
    return artifact.link(artifact.score(numbers, categories))
