"""From customers to a model file: rank, export, choose the threshold, hold against scikit-learn."""

import json
import math
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sklearn
from sklearn.pipeline import Pipeline

from model.errors import ExportError, ModelError
from model.export.model_file import build_artifact, serialize
from model.export.parity import check_parity
from model.files import write_file
from model.inspection.findings import Findings, inspect
from model.paths import LEADERBOARD_NAME, MODEL_NAME
from model.table.dataset import Dataset
from model.training.blending import NAME as BLEND
from model.training.blending import add_blend
from model.training.candidates import SEED
from model.training.decision_threshold import DEFAULT, choose_threshold
from model.training.folds import TEST_SHARE
from model.training.leaderboard import Entry, Leaderboard, rank_candidates
from model.training.leaderboard_output import to_lean_rows, to_rows
from model.training.serving import (
    choose_entry,
    choose_served,
    explain_choice,
    weigh_entries,
)


@dataclass(frozen=True)
class Choices:
    """What the user may say.

    Attributes:
        serve: name of the candidate to export; None means the first that can be.
        threshold: a rule of `model.training.decision_threshold.RULES`.
        economics: value, cost and success of an offer, to be stored with the model.
        changeable: features that what-if may change; None leaves it to `model.export.schema`.
        blanks: texts that the table was read with as missing values.
        max_us: microseconds that a prediction of the candidate that serves may take.
        max_kb: kilobytes that its file may have.
    """

    serve: str | None = None
    threshold: str = "0.5"
    economics: dict[str, float] | None = None
    changeable: tuple[str, ...] | None = None
    blanks: tuple[str, ...] = ()
    max_us: float = math.inf
    max_kb: float = math.inf


@dataclass(frozen=True, eq=False)
class Training:
    """What came out.

    Attributes:
        findings: what is odd about the table.
        leaderboard: all results.
        winner: the best, whether or not it can serve.
        served: the best that can, or the one that was asked for; `why` it isn't the winner.
        threshold: from which its probability counts as leaving.
        body: its file.
    """

    findings: Findings
    leaderboard: Leaderboard
    winner: Entry
    served: Entry
    why: str
    threshold: float
    body: bytes


def train(
    dataset: Dataset,
    candidates: dict[str, Pipeline],
    choices: Choices,
    on_fit: Callable[[str], None] = lambda _: None,
    findings: Findings | None = None,
) -> Training:
    """Return the ranked candidates and the model file of the one that serves; writes nothing.

    Args:
        dataset: the customers.
        candidates: name -> unfitted pipeline.
        choices: what the user said.
        on_fit: called with a candidate's name after each fit; see `count_fits`.
        findings: what is odd about the table, where somebody has looked already.

    Raises:
        ModelError: what was said doesn't fit the table, the table is too small, the candidate
            can't be exported, or the function's answers differ from scikit-learn's.
    """
    check_choices(choices, dataset, [*candidates])
    ranked = rank_candidates(dataset, candidates, on_fit)
    findings = findings or inspect(dataset, ranked.train_rows)
    weighed = weigh_entries(ranked, dataset)
    blended = add_blend(weighed, dataset, choices.max_us, choices.max_kb)
    leaderboard = weigh_entries(blended, dataset)
    winner = choose_entry(leaderboard.entries)
    served = _choose_served(leaderboard, choices)
    threshold = _choose_threshold(choices, dataset, leaderboard, served)
    payload = build_artifact(
        served.pipeline,
        dataset,
        leaderboard.train_rows,
        threshold=threshold,
        changeable=choices.changeable,
        economics=choices.economics,
    )
    meta = _describe(dataset, choices, leaderboard, winner, served) | {
        "inspection": findings.to_meta()
    }
    # The file tells how parity came out, and parity is checked on a file: of the same version,
    # as that depends on time, model and schema only.
    parity = check_parity(serialize(payload, meta), served.pipeline, dataset)
    body = serialize(payload, meta | {"parity": parity})
    why = "as asked" if choices.serve else explain_choice(winner, choices.max_us, choices.max_kb)
    return Training(findings, leaderboard, winner, served, why, threshold, body)


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


def check_choices(choices: Choices, dataset: Dataset, names: Sequence[str]) -> None:
    """Refuse what was said where it doesn't fit the table or the candidates.

    Raises:
        ModelError: what of it, and why.
    """
    if choices.serve not in (None, *names, BLEND):
        raise ModelError(
            f'--serve: no candidate "{choices.serve}"; there are {", ".join((*names, BLEND))}'
        )
    for name in choices.changeable or ():
        if name not in dataset.frame.columns:
            raise ModelError(f'--changeable: {dataset.name} has no feature "{name}"')
    if choices.threshold == "profit" and choices.economics is None:
        raise ModelError("--threshold profit: say --economics VALUE,COST,SUCCESS")


def _choose_served(leaderboard: Leaderboard, choices: Choices) -> Entry:
    if choices.serve is None:
        return choose_served(leaderboard, choices.max_us, choices.max_kb)
    named = {entry.name: entry for entry in leaderboard.entries}
    if choices.serve not in named:
        raise ModelError(f"--serve {choices.serve}: there are no two candidates to blend")
    asked = named[choices.serve]
    if asked.refusal:
        raise ExportError(f"{asked.name}: can't be exported: {asked.refusal}")
    return asked


def _choose_threshold(
    choices: Choices, dataset: Dataset, leaderboard: Leaderboard, served: Entry
) -> float:
    if choices.threshold == "0.5":
        return DEFAULT
    repeats = leaderboard.out_of_fold[served.name]
    target = np.tile(dataset.target[leaderboard.ranked_rows], len(repeats))
    return choose_threshold(choices.threshold, target, repeats.ravel(), choices.economics)


def _describe(
    dataset: Dataset, choices: Choices, leaderboard: Leaderboard, winner: Entry, served: Entry
) -> dict[str, Any]:
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
