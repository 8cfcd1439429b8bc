"""How long does a record take, and how much faster is that than the obvious ways?

One run holds this project against a plain loop (the first version's for the linear model, a walk
over flat arrays for 100 trees) and against scikit-learn, on the same records. Everyone starts from
a parsed request's records and ends at probabilities. "scorer" is this project's compiled model
without the checks of types and ranges, which the plain loop doesn't have either.
"""

import argparse
import json
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from benchmarks.naive_scoring import compile_first_version, compile_flat_walk
from inference.artifact import Artifact, load_artifact
from inference.scoring import score_records
from model.candidates import SEED, build_candidates
from model.columns import INFER_ALL
from model.dataset import Dataset, load_dataset
from model.export import build_artifact, serialize
from model.parity import to_records

MODELS = {"linear": "LogisticRegression", "100 trees": "GradientBoostingClassifier"}
OURS, SCORER, LOOP, SKLEARN = "this project", "scorer", "plain loop", "scikit-learn"
RECORDS = 1000
SKLEARN_CALLS = 10  # of one record each, per round: a thousand would take seconds
TARGETS = {  # at least so many times faster, for one record
    ("linear", LOOP): 3.5,
    ("100 trees", LOOP): 8.0,
    ("100 trees", SKLEARN): 1000.0,
}


@dataclass(frozen=True, eq=False)
class Contestant:
    """Someone who scores: `score_one` each of `inputs`, or `score_all` of the batch."""

    model: str
    name: str
    inputs: list[Any]
    score_one: Callable[[Any], object]
    score_all: Callable[[], list[float]]


def main() -> None:
    """Print a table, or with --json all figures, of microseconds per record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", nargs="?", type=Path, default=os.environ.get("TELCO_CSV"))
    parser.add_argument("--rounds", type=int, default=21, help="interleaved; the median counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    if not args.json:
        print(f"Python {platform.python_version()}, {_machine()}")
    dataset = load_dataset(args.csv, options=INFER_ALL)
    with threadpool_limits(1):
        contestants = [entry for name in MODELS for entry in _prepare(name, dataset)]
        rows = _measure(contestants, args.rounds)
    report = {
        "python": platform.python_version(),
        "machine": _machine(),
        "date": time.strftime("%Y-%m-%d"),
        "data": dataset.name,
        "rounds": args.rounds,
        "rows": rows,
        "targets": _hold_targets(rows),
    }
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        _print_table(report)


def _prepare(model: str, dataset: Dataset) -> list[Contestant]:
    rng = np.random.default_rng(SEED)
    rows = rng.permutation(np.flatnonzero(dataset.frame.notna().all(axis=1)))  # a blank is no dtype
    train, test = rows[RECORDS:], rows[:RECORDS]
    pipeline = _fit(MODELS[model], dataset, train)
    steps = _export(_fit(MODELS["linear"], dataset, train), dataset, train).model
    artifact = _export(pipeline, dataset, train)
    records = to_records(dataset.frame.iloc[test])
    is_linear = artifact.kind == "linear"
    loop = compile_first_version(steps) if is_linear else compile_flat_walk(pipeline, steps)

    def score(record: dict[str, Any]) -> float:
        numbers, categories = artifact.get_numbers(record), artifact.get_categories(record)
        return artifact.link(artifact.score(numbers, categories))

    def ask(batch: list[dict[str, Any]]) -> list[float]:
        return pipeline.predict_proba(pd.DataFrame(batch))[:, 1].tolist()

    ones = [[record] for record in records]
    return [
        Contestant(
            model,
            OURS,
            ones,
            partial(score_records, artifact),
            lambda: score_records(artifact, records).predictions,
        ),
        Contestant(model, SCORER, records, score, lambda: [*map(score, records)]),
        Contestant(model, LOOP, records, loop, lambda: [*map(loop, records)]),
        Contestant(model, SKLEARN, ones[:SKLEARN_CALLS], ask, lambda: ask(records)),
    ]


def _fit(name: str, dataset: Dataset, rows: np.ndarray) -> Pipeline:
    pipeline = build_candidates(dataset.numeric, dataset.categorical)[name]
    return pipeline.fit(dataset.frame.iloc[rows], dataset.target[rows])


def _export(pipeline: Pipeline, dataset: Dataset, rows: np.ndarray) -> Artifact:
    return load_artifact(serialize(build_artifact(pipeline, dataset, rows), {}))


def _measure(contestants: list[Contestant], rounds: int) -> list[dict[str, Any]]:
    """Return a row per contestant and batch size; each round gives everyone one turn."""
    times: dict[tuple[int, str, str], list[float]] = defaultdict(list)
    for turn in range(rounds + 1):
        for contestant in contestants:
            for records, time_turn in ((1, _time_one), (RECORDS, _time_batch)):
                duration_us = time_turn(contestant)
                if turn:  # the first is for warming up
                    times[records, contestant.model, contestant.name].append(duration_us)
    expected = {entry.model: entry.score_all() for entry in contestants if entry.name == SKLEARN}
    return [
        {
            "records": records,
            "model": entry.model,
            "name": entry.name,
            "median_us": median(times[records, entry.model, entry.name]),
            "p95_us": quantiles(times[records, entry.model, entry.name], n=20)[-1],
            "times_ours": _compare(
                times[records, entry.model, entry.name], times[records, entry.model, OURS]
            ),
            "difference": _largest_difference(entry, expected[entry.model]),
        }
        for records in (1, RECORDS)
        for entry in contestants
    ]


def _compare(times: list[float], ours: list[float]) -> float:
    """Return the median over the rounds of how many times slower: load changes between rounds."""
    return median(theirs / own for theirs, own in zip(times, ours, strict=True))


def _time_one(contestant: Contestant) -> float:
    score = contestant.score_one
    start = time.perf_counter()
    for one in contestant.inputs:
        score(one)
    return (time.perf_counter() - start) / len(contestant.inputs) * 1e6


def _time_batch(contestant: Contestant) -> float:
    start = time.perf_counter()
    contestant.score_all()
    return (time.perf_counter() - start) / RECORDS * 1e6


def _largest_difference(contestant: Contestant, expected: list[float]) -> float:
    return float(np.abs(np.array(contestant.score_all()) - expected).max())


def _hold_targets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reached = {
        (row["model"], row["name"]): row["times_ours"] for row in rows if row["records"] == 1
    }
    return [
        {
            "model": model,
            "against": name,
            "at_least": factor,
            "scorer": reached[model, name] / reached[model, SCORER],
            "with_checks": reached[model, name],
        }
        for (model, name), factor in TARGETS.items()
    ]


def _print_table(report: dict[str, Any]) -> None:
    print(f"{report['data']}, {report['rounds']} rounds; microseconds per record")
    print(f"{'model':<11}{'records':>8}  {'':<14}{'median':>10}{'p95':>10}{'times':>9}  difference")
    for row in report["rows"]:
        print(
            f"{row['model']:<11}{row['records']:>8}  {row['name']:<14}{row['median_us']:>10.2f}"
            f"{row['p95_us']:>10.2f}{row['times_ours']:>9.1f}  {row['difference']:.1e}"
        )
    for target in report["targets"]:
        figures = [
            f"{who} {target[key]:,.1f} x{'' if target[key] >= target['at_least'] else ' (MISSED)'}"
            for who, key in (("scorer", "scorer"), ("with all checks", "with_checks"))
        ]
        print(
            f"{target['model']}, one record, against {target['against']}, at least"
            f" {target['at_least']:,.1f} x: {', '.join(figures)}"
        )


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
