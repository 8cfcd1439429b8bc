"""From customers to a model file: rank, export, choose the threshold, hold against scikit-learn."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from model.competition.blending import add_blend
from model.competition.leaderboard import Entry, Leaderboard, rank_candidates, replace_entry
from model.competition.leaderboard_output import to_rows
from model.competition.serving import (
    choose_entry,
    choose_served,
    explain_choice,
    find_excess,
    weigh_entries,
    weigh_entry,
)
from model.errors import ExportError, ModelError
from model.evaluation.decision_threshold import DEFAULT, choose_threshold
from model.export.model_file import build_artifact, serialize
from model.export.parity import check_parity
from model.files import write_file
from model.inspection.findings import Findings, inspect
from model.monitoring.reference import build_reference
from model.paths import LEADERBOARD_NAME, MODEL_NAME
from model.search.search import Search
from model.table.dataset import Dataset
from model.training.choices import Choices, check_choices
from model.training.growth import Growth, grow
from model.training.random_split import compare_splits, measure_random_split
from model.training.training_meta import describe_training


@dataclass(frozen=True, eq=False)
class Training:
    """What came out.

    Attributes:
        findings: what is odd about the table.
        leaderboard: all results.
        winner: the best, whether or not it can serve.
        served: the best that can, or the one that was asked for; `why` it isn't the winner.
        notes: what is to be said of it: how many it learned from, what another split gives.
        threshold: from which its probability counts as leaving.
        body: its file.
    """

    findings: Findings
    leaderboard: Leaderboard
    winner: Entry
    served: Entry
    why: str
    notes: tuple[str, ...]
    threshold: float
    body: bytes


def train(  # noqa: PLR0913 - what a file tells of
    dataset: Dataset,
    candidates: dict[str, Pipeline],
    choices: Choices,
    on_fit: Callable[[str], None] = lambda _: None,
    findings: Findings | None = None,
    *,
    search: Search | None = None,
) -> Training:
    """Return the ranked candidates and the model file of the one that serves; writes nothing.

    Args:
        dataset: the customers.
        candidates: name -> unfitted pipeline.
        choices: what the user said.
        on_fit: called with a candidate's name after each fit; see `count_fits`.
        findings: what is odd about the table, where somebody has looked already.
        search: what found some of the candidates, if anything did.

    Raises:
        ModelError: what was said doesn't fit the table, the table is too small, the candidate
            can't be exported, or the function's answers differ from scikit-learn's.
    """
    check_choices(choices, dataset, [*candidates])
    # Sums depend on the number of threads, and OpenMP's stall on a busy machine.
    with threadpool_limits(limits=1):
        leaderboard = _rank(dataset, candidates, choices, on_fit)
        findings = findings or inspect(dataset, leaderboard.train_rows)
        winner = choose_entry(leaderboard.entries)
        chosen = _choose_served(leaderboard, choices)
        growth = _grow_within_limits(chosen, leaderboard, dataset, choices)
        served = growth.entry
        leaderboard = replace_entry(leaderboard, chosen, served)
        winner = served if winner is chosen else winner
        threshold = _choose_threshold(choices, dataset, leaderboard, served)
        meta = describe_training(dataset, choices, leaderboard, winner, growth)
        meta |= {"inspection": findings.to_meta()} | _describe_search(search)
        learned = growth.describe(len(leaderboard.train_rows))
        notes = [learned] if learned else []
        if dataset.time_order is not None:
            meta["random_split"] = measure_random_split(served, dataset)
            notes.append(compare_splits(served, meta["random_split"]))
        body = _export(dataset, choices, leaderboard, growth, threshold=threshold, meta=meta)
    why = "as asked" if choices.serve else explain_choice(winner, choices.max_us, choices.max_kb)
    return Training(findings, leaderboard, winner, served, why, tuple(notes), threshold, body)


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


def _rank(
    dataset: Dataset,
    candidates: dict[str, Pipeline],
    choices: Choices,
    on_fit: Callable[[str], None],
) -> Leaderboard:
    ranked = weigh_entries(rank_candidates(dataset, candidates, on_fit), dataset)
    return weigh_entries(add_blend(ranked, dataset, choices.max_us, choices.max_kb), dataset)


def _export(  # noqa: PLR0913 - what a file is made of
    dataset: Dataset,
    choices: Choices,
    leaderboard: Leaderboard,
    growth: Growth,
    *,
    threshold: float,
    meta: dict[str, Any],
) -> bytes:
    model = growth.entry.pipeline
    payload = build_artifact(
        model,
        dataset,
        growth.rows,
        threshold=threshold,
        changeable=choices.changeable,
        economics=choices.economics,
    )
    payload["reference"] = build_reference(
        payload["schema"]["features"],
        dataset.frame.iloc[growth.rows],
        leaderboard.out_of_fold[growth.entry.name][0],
        dataset.target[leaderboard.ranked_rows],
        threshold,
    )
    # The file tells how parity came out, and parity is checked on a file: of the same version,
    # as that depends on time, model and schema only.
    parity = check_parity(serialize(payload, meta), model, dataset)
    return serialize(payload, meta | {"parity": parity})


def _describe_search(search: Search | None) -> dict[str, Any]:
    return {"search": search.to_meta()} if search else {}


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


def _grow_within_limits(
    chosen: Entry, leaderboard: Leaderboard, dataset: Dataset, choices: Choices
) -> Growth:
    growth = grow(chosen, leaderboard, dataset)
    if not growth.curve:
        return growth
    grown = weigh_entry(growth.entry, growth.rows, dataset)
    if grown.refusal or find_excess(grown, choices.max_us, choices.max_kb):
        return Growth(chosen, leaderboard.ranked_rows, ())
    return replace(growth, entry=grown)


def _choose_threshold(
    choices: Choices, dataset: Dataset, leaderboard: Leaderboard, served: Entry
) -> float:
    if choices.threshold == "0.5":
        return DEFAULT
    repeats = leaderboard.out_of_fold[served.name]
    target = np.tile(dataset.target[leaderboard.ranked_rows], len(repeats))
    return choose_threshold(choices.threshold, target, repeats.ravel(), choices.economics)
