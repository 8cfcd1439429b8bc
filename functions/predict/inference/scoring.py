"""A batch of records becomes probabilities and labels; one bad record doesn't lose the others.

A clean record takes the short way: two look-ups by name, a range check and the compiled model.
Whatever that trips over goes through `records.encode_record`, which knows what to say about it.
"""

from operator import le

from inference.artifact import Artifact
from inference.records import RecordError, encode_record

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
    cut = artifact.threshold if threshold is None else threshold
    get_numbers, get_categories = artifact.get_numbers, artifact.get_categories
    lows, highs = artifact.lows, artifact.highs
    score, link = artifact.score, artifact.link
    add_prediction, add_label = batch.predictions.append, batch.labels.append
    for index, record in enumerate(records):
        probability: float | None = None
        try:
            numbers = get_numbers(record)
            if bool not in map(type, numbers) and all(map(le, lows + numbers, numbers + highs)):
                probability = link(score(numbers, get_categories(record)))
        except (KeyError, TypeError):
            pass  # something isn't plain: the careful way finds out what
        if probability is None:
            probability = _score_carefully(artifact, record, index, batch)
        add_prediction(probability)
        add_label(None if probability is None else int(probability >= cut))
    return batch


def _score_carefully(artifact: Artifact, record: object, index: int, batch: Batch) -> float | None:
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
