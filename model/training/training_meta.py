"""What the model file says of its training, beside what the export adds."""

import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from model.competition.leaderboard import Entry, Leaderboard
from model.competition.leaderboard_output import to_lean_rows
from model.evaluation.folds import SEED, TEST_SHARE
from model.table.dataset import Dataset
from model.training.choices import Choices
from model.training.growth import Growth

_LIBRARIES = ("scikit-learn", "numpy", "pandas")
_BOOSTERS = ("catboost", "lightgbm")  # named where the leaderboard has one


def describe_training(
    dataset: Dataset, choices: Choices, leaderboard: Leaderboard, winner: Entry, growth: Growth
) -> dict[str, Any]:
    """Return `training_meta`, without what the look at the table and parity found.

    Args:
        dataset: the customers.
        choices: what the user said.
        leaderboard: all results.
        winner: the best.
        growth: of the one that serves.
    """
    data: dict[str, Any] = {
        "name": dataset.name,
        "sha256": dataset.sha256,
        "rows": len(dataset.target),
        "synthetic": dataset.is_synthetic,
        "target_rate": float(dataset.target.mean()),
    }
    if dataset.time_column:
        data["time"] = dataset.time_column
    if choices.blanks:
        data["blanks"] = list(choices.blanks)
    return {
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "final_choice": winner.name,
        "final_choice_auc": winner.metrics["auc"],
        "best_sklearn": winner.name,
        "best_sklearn_auc": winner.metrics["auc"],
        "model_leaderboard": to_lean_rows(leaderboard),
        "served": growth.entry.name,
        "served_auc": growth.entry.metrics["auc"],
        "threshold_rule": choices.threshold,
        "data": data,
        "holdout": _describe_holdout(dataset),
        "metrics": growth.entry.metrics,
        "libraries": _list_libraries(leaderboard),
        **({"learning_curve": [asdict(point) for point in growth.curve]} if growth.curve else {}),
    }


def _describe_holdout(dataset: Dataset) -> dict[str, Any]:
    split: dict[str, Any] = {"seed": SEED, "share": TEST_SHARE, "data_sha256": dataset.sha256}
    if dataset.groups is not None:
        split["whole_groups"] = True
    return split


def _list_libraries(leaderboard: Leaderboard) -> dict[str, str]:
    used = {entry.type for entry in leaderboard.entries}
    names = [*_LIBRARIES, *(name for name in _BOOSTERS if name in used)]
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
