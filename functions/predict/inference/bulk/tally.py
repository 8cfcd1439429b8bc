"""What many rows came to, in counts small enough to be sent, and where errors were first."""

from collections import Counter
from dataclasses import dataclass, field

from inference.scoring.batch import Batch

BINS = 1_000  # of the histogram of probabilities
MAX_PLACES = 10  # listed for each kind of error
MAX_KINDS = 100  # of errors, or of warnings, that are told apart
OTHER = "other"


@dataclass
class Tally:
    """Counts of the rows that were scored together.

    `errors` has for each message how many rows have it and the first of them, `warnings` only how
    many; rows are counted from 1. `bins` counts rows by probability times BINS.
    """

    customers: int = 0
    scored: int = 0
    churners: int = 0
    errors: dict[str, list] = field(default_factory=dict)
    warnings: Counter[str] = field(default_factory=Counter)
    bins: Counter[int] = field(default_factory=Counter)


def count_batch(tally: Tally, batch: Batch) -> None:
    """Add rows that were scored."""
    for row, name, message in batch.errors:
        place = tally.customers + row + 1
        _add_error(tally, f"{name}: {message}" if name else message, 1, [place])
    for _, name, message in batch.warnings:
        _add_warning(tally, f"{name}: {message}", 1)
    scores = [p for p in batch.predictions if p is not None] if batch.errors else batch.predictions
    tally.bins.update([int(p * BINS) for p in scores])  # type: ignore[operator]  # no None is left
    tally.customers += len(batch.predictions)
    tally.scored += len(scores)
    tally.churners += batch.labels.count(1)


def merge(tally: Tally, other: Tally) -> None:
    """Add the counts of the rows that follow."""
    for message, (count, places) in other.errors.items():
        _add_error(tally, message, count, [tally.customers + place for place in places])
    for message, count in other.warnings.items():
        _add_warning(tally, message, count)
    tally.bins.update(other.bins)
    tally.customers += other.customers
    tally.scored += other.scored
    tally.churners += other.churners


def to_json(tally: Tally) -> dict:
    """Return a tally as a JSON object; `from_json` reads it back."""
    bins = sorted(tally.bins.items())
    return vars(tally) | {"bins": bins}


def from_json(document: dict) -> Tally:
    """Return the tally that `to_json` made an object of."""
    warnings, bins = Counter(document["warnings"]), Counter(dict(document["bins"]))
    return Tally(**document | {"warnings": warnings, "bins": bins})


def _add_error(tally: Tally, message: str, count: int, places: list[int]) -> None:
    kind = message if message in tally.errors or len(tally.errors) < MAX_KINDS else OTHER
    known = tally.errors.setdefault(kind, [0, []])
    known[0] += count
    known[1] = (known[1] + places)[:MAX_PLACES]


def _add_warning(tally: Tally, message: str, count: int) -> None:
    is_kind = message in tally.warnings or len(tally.warnings) < MAX_KINDS
    tally.warnings[message if is_kind else OTHER] += count
