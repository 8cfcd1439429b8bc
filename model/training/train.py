"""From customers to a model file: rank, export, choose the threshold, hold against scikit-learn."""

import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import sklearn
from sklearn.pipeline import Pipeline

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.errors import ExportError, ModelError
from model.export.model_file import build_artifact, serialize
from model.export.parity import check_parity, to_records
from model.files import write_file
from model.inspection.findings import Findings, inspect
from model.paths import LEADERBOARD_NAME, MODEL_NAME
from model.table.dataset import Dataset
from model.training.candidates import SEED
from model.training.decision_threshold import DEFAULT, choose_threshold
from model.training.folds import TEST_SHARE
from model.training.leaderboard import Entry, Leaderboard, rank_candidates
from model.training.leaderboard_output import to_lean_rows, to_rows

_TIMED_RECORDS = 100
_TIMED_ROUNDS = 5


@dataclass(frozen=True)
class Choices:
    """What the user may say.

    Attributes:
        serve: name of the candidate to export; None means the first that can be.
        threshold: a rule of `model.training.decision_threshold.RULES`.
        economics: value, cost and success of an offer, to be stored with the model.
        changeable: features that what-if may change; None leaves it to `model.export.schema`.
        blanks: texts that the table was read with as missing values.
    """

    serve: str | None = None
    threshold: str = "0.5"
    economics: dict[str, float] | None = None
    changeable: tuple[str, ...] | None = None
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Training:
    """What came out: all results, the candidate that serves, its file, and what is odd."""

    findings: Findings
    leaderboard: Leaderboard
    served: Entry
    threshold: float
    body: bytes

    @property
    def winner(self) -> Entry:
        """The best by cross-validation, whether or not it serves."""
        return self.leaderboard.entries[0]


def train(
    dataset: Dataset,
    candidates: dict[str, Pipeline],
    choices: Choices,
    on_fit: Callable[[str], None] = lambda _: None,
) -> Training:
    """Return the ranked candidates and the model file of the one that serves; writes nothing.

    Args:
        dataset: the customers.
        candidates: name -> unfitted pipeline.
        choices: what the user said.
        on_fit: called with a candidate's name after each fit; see `count_fits`.

    Raises:
        ModelError: what was said doesn't fit the table, the table is too small, the candidate
            can't be exported, or the function's answers differ from scikit-learn's.
    """
    _check(choices, dataset, list(candidates))
    ranked = rank_candidates(dataset, candidates, on_fit)
    findings = inspect(dataset, ranked.train_rows)
    entries = tuple(_weigh(entry, dataset, ranked) for entry in ranked.entries)
    leaderboard = replace(ranked, entries=entries)
    served = _choose_served(leaderboard, choices.serve)
    threshold = _choose_threshold(choices, dataset, leaderboard, served)
    payload = build_artifact(
        served.pipeline,
        dataset,
        leaderboard.train_rows,
        threshold=threshold,
        changeable=choices.changeable,
        economics=choices.economics,
    )
    meta = _describe(dataset, choices, leaderboard, served) | {"inspection": findings.to_meta()}
    # The file tells how parity came out, and parity is checked on a file: of the same version,
    # as that depends on time, model and schema only.
    parity = check_parity(serialize(payload, meta), served.pipeline, dataset)
    body = serialize(payload, meta | {"parity": parity})
    return Training(findings, leaderboard, served, threshold, body)


def write_results(training: Training, out: Path, *, is_synthetic: bool) -> tuple[Path, Path]:
    """Write leaderboard and model file into a folder, each whole or not at all; return the paths.

    Raises:
        ModelError: one of them can't be written.
    """
    rows = to_rows(training.leaderboard, is_synthetic=is_synthetic)
    leaderboard, artifact = out / LEADERBOARD_NAME, out / MODEL_NAME
    write_file(leaderboard, (json.dumps(rows, indent=2) + "\n").encode())
    write_file(artifact, training.body)
    return leaderboard, artifact


def _check(choices: Choices, dataset: Dataset, names: list[str]) -> None:
    if choices.serve is not None and choices.serve not in names:
        raise ModelError(f'--serve: no candidate "{choices.serve}"; there are {", ".join(names)}')
    for name in choices.changeable or ():
        if name not in dataset.frame.columns:
            raise ModelError(f'--changeable: {dataset.name} has no feature "{name}"')
    if choices.threshold == "profit" and choices.economics is None:
        raise ModelError("--threshold profit: say --economics VALUE,COST,SUCCESS")


def _weigh(entry: Entry, dataset: Dataset, leaderboard: Leaderboard) -> Entry:
    try:
        payload = build_artifact(entry.pipeline, dataset, leaderboard.train_rows)
        body = serialize(payload, {})
    except ExportError as error:
        return replace(entry, refusal=str(error))
    return replace(
        entry,
        artifact_bytes=len(body),
        prediction_us=_time_prediction(body, dataset, leaderboard),
    )


def _time_prediction(body: bytes, dataset: Dataset, leaderboard: Leaderboard) -> float:
    artifact = load_artifact(body)
    records = to_records(dataset.frame.iloc[leaderboard.test_rows[:_TIMED_RECORDS]])
    times = []
    for _ in range(_TIMED_ROUNDS):
        start = time.perf_counter()
        score_records(artifact, records)
        times.append(time.perf_counter() - start)
    return median(times) / len(records) * 1e6


def _choose_served(leaderboard: Leaderboard, name: str | None) -> Entry:
    ranked = [entry for entry in leaderboard.entries if name in (None, entry.name)]
    for entry in ranked:
        if entry.refusal is None:
            return entry
    raise ExportError(f"{ranked[0].name}: can't be exported: {ranked[0].refusal}")


def _choose_threshold(
    choices: Choices, dataset: Dataset, leaderboard: Leaderboard, served: Entry
) -> float:
    if choices.threshold == "0.5":
        return DEFAULT
    repeats = leaderboard.out_of_fold[served.name]
    target = np.tile(dataset.target[leaderboard.train_rows], len(repeats))
    return choose_threshold(choices.threshold, target, repeats.ravel(), choices.economics)


def _describe(
    dataset: Dataset, choices: Choices, leaderboard: Leaderboard, served: Entry
) -> dict[str, Any]:
    winner = leaderboard.entries[0]
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
        "served": served.name,
        "served_auc": served.metrics["auc"],
        "threshold_rule": choices.threshold,
        "data": data,
        "holdout": _describe_holdout(dataset),
        "metrics": served.metrics,
        "libraries": _libraries(),
    }


def _describe_holdout(dataset: Dataset) -> dict[str, Any]:
    split: dict[str, Any] = {"seed": SEED, "share": TEST_SHARE, "data_sha256": dataset.sha256}
    if dataset.groups is not None:
        split["whole_groups"] = True
    return split


def _libraries() -> dict[str, str]:
    modules = {"scikit-learn": sklearn, "numpy": np, "pandas": pd}
    versions = {name: module.__version__ for name, module in modules.items()}
    return {"python": platform.python_version(), **versions}
