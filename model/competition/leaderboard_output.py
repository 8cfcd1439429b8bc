"""The leaderboard for people (two tables) and for programs (rows of a JSON file)."""

from collections.abc import Sequence
from typing import Any

from model.competition.leaderboard import CONFIDENCE, Entry, Leaderboard
from model.console import print_line, print_table
from model.evaluation.folds import FOLDS
from model.fitting.blend import Blend, Model

_Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]  # title, columns, rows
_COLUMNS = (  # of a row, beside the name and the figures on held-out rows
    "cv_auc",
    "cv_auc_std",
    "cv_auc_low",
    "cv_auc_high",
    "cv_log_loss",
    "behind_best",
    "behind_best_margin",
    "fit_time_s",
    "artifact_bytes",
    "prediction_us",
    "refusal",
    "is_on_front",
)
_DIGITS = 6  # of a figure in the model file, which every cold start reads


def to_rows(leaderboard: Leaderboard, *, is_synthetic: bool) -> list[dict[str, Any]]:
    """Return everything known of each entry, best first; `auc` is the one on held-out rows."""
    return [_to_row(entry) | {"synthetic": is_synthetic} for entry in leaderboard.entries]


def to_lean_rows(leaderboard: Leaderboard) -> list[dict[str, Any]]:
    """Return what the model file holds of each entry, best first."""
    keys = ("name", "type", "auc", "cv_auc", "cv_auc_std", "brier", "artifact_bytes")
    rows = [_to_row(entry) for entry in leaderboard.entries]
    return [{key: _rounded(row[key]) for key in keys} for row in rows]


def print_leaderboard(leaderboard: Leaderboard, *, is_synthetic: bool) -> None:
    """Print how the entries rank and why, then how they do on the held-out rows."""
    mark = _mark(is_synthetic)
    for title, columns, rows in (_ranking(leaderboard), _results(leaderboard)):
        print_table(title + mark, columns, rows)
    print_line("* no other is as good, as small and as fast")
    for entry in leaderboard.entries:
        if entry.refusal:
            print_line(f"{entry.name} can't be exported: {entry.refusal}")


def print_choice(
    winner: Entry, served: Entry, why: str, threshold: float, *, is_synthetic: bool
) -> None:
    """Print the winner with its AUC on the held-out rows, and what serves if that is another.

    Args:
        winner: the best.
        served: the one whose file is written.
        why: it is another, if it is.
        threshold: of its probability.
        is_synthetic: whether the customers are made up.
    """
    mark = _mark(is_synthetic)
    print(f"FINAL CHOICE (for your report): {winner.name} AUC={winner.metrics['auc']:.4f}{mark}")
    if served is not winner:
        print(f"Serves: {served.name} AUC={served.metrics['auc']:.4f}{mark}, {why}")
    print(f"Threshold: {threshold:.4f}{mark}")


def _mark(is_synthetic: bool) -> str:
    return " [synthetic]" if is_synthetic else ""  # behind what was measured on made-up customers


def _to_row(entry: Entry) -> dict[str, Any]:
    row = {"name": entry.name, "type": entry.type, "estimator": _describe(entry.pipeline)}
    return row | entry.metrics | {name: getattr(entry, name) for name in _COLUMNS}


def _describe(model: Model) -> str:
    if not isinstance(model, Blend):
        return _repr(model[-1])
    parts = [
        f"{weight:.2f} {type(member[-1]).__name__}"
        for member, weight in zip(model.members, model.weights, strict=True)
    ]
    return f"{model.scale:.4f} * ({' + '.join(parts)}) {model.shift:+.4f}"


def _repr(classifier: Any) -> str:
    # CatBoost's shows where it lies in memory
    text = repr(classifier)
    if " object at " not in text:
        return text
    settings = ", ".join(f"{name}={value!r}" for name, value in classifier.get_params().items())
    return f"{type(classifier).__name__}({settings})"


def _rounded(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value


def _ranking(leaderboard: Leaderboard) -> _Table:
    repeats = len(next(iter(leaderboard.out_of_fold.values())))
    title = (
        f"Ranked by cross-validation: {len(leaderboard.ranked_rows):,} customers, {FOLDS} folds"
        f" x {repeats}; ± spans {CONFIDENCE:.0%}"
    )
    rows = [
        (
            entry.name,
            f"{entry.cv_auc:.4f} ±{entry.cv_auc - entry.cv_auc_low:.4f}",
            f"{entry.cv_log_loss:.4f}",
            f"{entry.behind_best:.4f} ±{entry.behind_best_margin:.4f}" if index else "",
            f"{entry.fit_time_s:.2f}",
            "-" if entry.artifact_bytes is None else f"{entry.artifact_bytes / 1000:,.1f}",
            "-" if entry.prediction_us is None else f"{entry.prediction_us:,.1f}" + front,
        )
        for index, entry in enumerate(leaderboard.entries)
        for front in ("*" if entry.is_on_front else " ",)
    ]
    columns = ("model", "AUC#", "log loss#", "behind best#", "fit s#", "file kB#", "µs each#")
    return title, columns, rows


def _results(leaderboard: Leaderboard) -> _Table:
    title = f"On {len(leaderboard.test_rows):,} held-out customers, which chose nothing"
    rows = [
        (
            entry.name,
            f"{entry.metrics['auc']:.4f}",
            f"{entry.metrics['average_precision']:.4f}",
            f"{entry.metrics['brier']:.4f}",
            f"{entry.metrics['log_loss']:.4f}",
            f"{entry.metrics['top_decile_lift']:.2f}",
        )
        for entry in leaderboard.entries
    ]
    columns = ("model", "AUC#", "avg precision#", "Brier#", "log loss#", "top-decile lift#")
    return title, columns, rows
