"""What each candidate would cost to serve, and which one is chosen to."""

from collections.abc import Sequence
from dataclasses import replace

from inference.scoring.artifact import load_artifact
from model.competition.leaderboard import Entry, Leaderboard
from model.competition.speed import estimate_us
from model.errors import ExportError
from model.evaluation.folds import Rows
from model.export.model_file import build_artifact, serialize
from model.table.dataset import Dataset

MAX_US = 25.0  # microseconds for one record, by default; counted, see model.competition.speed
MAX_KB = 300.0  # of the model file, by default
_LOSS_DECIMALS = 4  # log losses that are the same to these are as good


def weigh_entries(leaderboard: Leaderboard, dataset: Dataset) -> Leaderboard:
    """Return the leaderboard with size and speed of each entry, or why it can't be exported."""
    entries = tuple(
        entry
        if entry.artifact_bytes or entry.refusal
        else weigh_entry(entry, leaderboard.ranked_rows, dataset)
        for entry in leaderboard.entries
    )
    return replace(leaderboard, entries=_mark_front(entries))


def weigh_entry(entry: Entry, rows: Rows, dataset: Dataset) -> Entry:
    """Return an entry with its size and speed, or why it can't be exported.

    Args:
        entry: its pipeline fitted.
        rows: positions in the table that it was fitted on.
        dataset: the customers.
    """
    try:
        body = serialize(build_artifact(entry.pipeline, dataset, rows), {})
    except ExportError as error:
        return replace(entry, refusal=str(error))
    speed_us = estimate_us(load_artifact(body))
    return replace(entry, artifact_bytes=len(body), prediction_us=speed_us)


def choose_entry(entries: Sequence[Entry]) -> Entry:
    """Return the best: of those that can't be told apart in AUC, by log loss, then the faster.

    Two can't be told apart where the interval of the difference, fold by fold, holds 0.

    Args:
        entries: of a leaderboard or some of them, by cross-validated AUC.
    """
    first = entries[0]
    equals = [
        entry
        for entry in entries
        if entry is first or entry.behind_best - entry.behind_best_margin <= first.behind_best
    ]
    return min(
        equals,
        key=lambda entry: (
            round(entry.cv_log_loss, _LOSS_DECIMALS),
            entry.prediction_us or 0.0,
        ),
    )


def choose_served(leaderboard: Leaderboard, max_us: float, max_kb: float) -> Entry:
    """Return the best of the entries that can be exported and keep within the limits.

    Raises:
        ExportError: there is none, and why.
    """
    exportable = [entry for entry in leaderboard.entries if entry.refusal is None]
    if not exportable:
        first = leaderboard.entries[0]
        raise ExportError(f"{first.name}: can't be exported: {first.refusal}")
    fitting = [entry for entry in exportable if find_excess(entry, max_us, max_kb) is None]
    if not fitting:
        first = exportable[0]
        raise ExportError(
            f"{first.name}: {find_excess(first, max_us, max_kb)}; nor is any other within it"
        )
    return choose_entry(fitting)


def explain_choice(winner: Entry, max_us: float, max_kb: float) -> str:
    """Return why the winner doesn't serve although nobody asked for another."""
    excess = find_excess(winner, max_us, max_kb)
    return f"{winner.name}: {excess}" if excess else "the best that can be exported"


def find_excess(entry: Entry, max_us: float, max_kb: float) -> str | None:
    """Return in what way an entry is too large or slow to serve, if it is."""
    kilobytes, microseconds = (entry.artifact_bytes or 0) / 1000, entry.prediction_us or 0.0
    if kilobytes > max_kb:
        return f"{kilobytes:,.0f} kB is more than --max-kb {max_kb:g}"
    if microseconds > max_us:
        return f"{microseconds:,.1f} µs is more than --max-us {max_us:g}"
    return None


def _mark_front(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Mark those that no other beats or equals in quality, size and speed, all three."""
    costs = [
        (-entry.cv_auc, entry.artifact_bytes, entry.prediction_us)
        for entry in entries
        if entry.artifact_bytes is not None and entry.prediction_us is not None
    ]

    def is_on_front(entry: Entry) -> bool:
        if entry.artifact_bytes is None or entry.prediction_us is None:
            return False
        own = (-entry.cv_auc, entry.artifact_bytes, entry.prediction_us)
        return not any(
            other != own and all(theirs <= mine for theirs, mine in zip(other, own, strict=True))
            for other in costs
        )

    return tuple(replace(entry, is_on_front=is_on_front(entry)) for entry in entries)
