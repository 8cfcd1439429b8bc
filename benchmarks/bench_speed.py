"""How far is the time that training counts for a prediction from the time that it takes?

Models of many kinds and sizes learn from each table, and are blended; one record at a time is
scored by the function's code, on the Python at hand, in turns with a loop that is always the same:
what that took tells how busy the machine was. The last line is what `model.competition.speed`
counts with, fitted anew.
"""

import argparse
import json
from collections.abc import Iterator
from operator import getitem
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.optimize import nnls
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from benchmarks.command import SEED
from benchmarks.machine import describe_run
from inference.scoring.artifact import Artifact, load_artifact
from inference.scoring.batch import score_records
from model.competition.speed import COSTS_US, count_work, estimate_us
from model.export.model_file import build_artifact, serialize
from model.export.parity import to_records
from model.fitting.blend import Blend
from model.fitting.leaves import round_leaves
from model.fitting.preprocessing import build_preprocessing
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, load_dataset

LEARNED_ROWS = 3_000
RECORDS = 50
ROUNDS = 12  # through all models; the fastest counts: the others had to wait for something
TIMES = 5  # one after the other in a round, as the first finds other models' data in the caches
BLENDS = 10
WEIGHTS = (0.5, 0.3, 0.2)
LINEAR, FOREST, SYMMETRIC = "linear", "forest", "symmetric"  # kinds, as models' names have them
REFERENCE = [[0.5, 0.25]] * 2_000  # looked up one after the other: no cache is too small for it

Row = dict[str, Any]
Scored = tuple[Row, Artifact, list[dict[Any, Any]]]  # a model's row, the model, customers


def main() -> None:
    """Measure models on the tables that are named, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="+", type=Path, help="tables of customers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    with threadpool_limits(limits=1):
        datasets = [load_dataset(path, options=INFER_ALL) for path in args.csv]
        rows = measure([model for dataset in datasets for model in fit_models(dataset)])
    fitted = fit_costs(rows)
    if args.json:
        print(json.dumps({"run": describe_run(), "rows": rows, "costs_us": fitted}, indent=2))
        return
    print(
        ", ".join(describe_run().values()), "", "| table | model | counted | measured |", sep="\n"
    )
    for row in rows:
        print(f"| {row['table']} | {row['model']} | {row['counted']:.1f} | {row['measured']:.1f} |")
    ratios = np.array([row["counted"] / row["measured"] for row in rows])
    print(
        f"\ncounted / measured: {ratios.min():.2f} to {ratios.max():.2f}, {np.median(ratios):.2f}"
    )
    print(fitted)


def fit_models(dataset: Dataset, classifiers: dict[str, Any] | None = None) -> Iterator[Scored]:
    """Yield models of a table: of each classifier, by default of many kinds and sizes, and blends.

    Each comes with its row, which says what is counted for it, and with some customers.
    """
    learned = np.arange(min(LEARNED_ROWS, len(dataset.target)))
    records = to_records(dataset.frame.iloc[-RECORDS:])
    pipelines = {
        name: _fit(name, classifier, dataset, learned)
        for name, classifier in (classifiers or _list_classifiers()).items()
    }
    for name, model in (pipelines | _blend(pipelines)).items():
        artifact = load_artifact(serialize(build_artifact(model, dataset, learned), {}))
        row = {"table": dataset.name, "model": name}
        row |= {"work": count_work(artifact), "counted": estimate_us(artifact)}
        yield row, artifact, records


def measure(models: list[Scored]) -> list[Row]:
    """Return the models' rows with `measured`, too: microseconds a record.

    A model that was scored while even the fastest reference took longer than in the whole run was
    slowed down as much, and is told as it would have been.
    """
    times = np.array(
        [[[_time_us(*model[1:]) for _ in range(TIMES)] for model in models] for _ in range(ROUNDS)]
    )
    models_us, references_us = times.min(axis=(0, 2)).T
    measured = models_us * references_us.min() / references_us
    return [row | {"measured": float(us)} for (row, _, _), us in zip(models, measured, strict=True)]


def fit_costs(rows: list[Row]) -> dict[str, float]:
    """Return the cost of each thing counted, least squares of the ratios, none below 0."""
    work = np.array([[row["work"][name] for name in COSTS_US] for row in rows])
    measured = np.array([row["measured"] for row in rows])
    costs, _ = nnls(work / measured[:, None], np.ones(len(rows)))
    return dict(zip(COSTS_US, costs.round(4).tolist(), strict=True))


def _fit(name: str, classifier: Any, dataset: Dataset, learned: Any) -> Pipeline:
    """Return a pipeline, fitted: boosting leaves blanks as they are, as it does in the search."""
    preprocessing = build_preprocessing(
        dataset.numeric,
        dataset.categorical,
        dataset.grouped,
        keeps_blanks=not name.startswith((LINEAR, FOREST)),
    )
    pipeline = Pipeline([("preprocessing", preprocessing), ("model", classifier)])
    pipeline.fit(dataset.frame.iloc[learned], dataset.target[learned])
    round_leaves(pipeline)
    return pipeline


def _blend(pipelines: dict[str, Pipeline]) -> dict[str, Blend]:
    """Return blends of two boostings that are drawn, every other one with the linear model."""
    boosting = [name for name in pipelines if not name.startswith((LINEAR, FOREST))]
    draw = np.random.default_rng(SEED)
    blends = {}
    for number in range(BLENDS):
        names = [*draw.permutation(boosting)[:2], *[LINEAR] * (number % 2)]
        members = tuple(pipelines[name] for name in names)
        blends[f"blend {number}"] = Blend(members, WEIGHTS[: len(members)], 1.1, -0.05)
    return blends


def _list_classifiers() -> dict[str, Any]:
    from catboost import CatBoostClassifier

    fixed: dict[str, Any] = {"thread_count": 1, "verbose": False, "allow_writing_files": False}
    linear = {LINEAR: LogisticRegression(max_iter=500)}
    boosting = {
        f"{trees} trees of {leaves} leaves": HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, early_stopping=False
        )
        for trees in (20, 60, 120, 250)
        for leaves in (4, 8, 16, 31)
    }
    symmetric = {
        f"{trees} {SYMMETRIC} trees of depth {depth}": CatBoostClassifier(
            n_estimators=trees, depth=depth, **fixed
        )
        for trees in (40, 120, 250, 400)
        for depth in (2, 3, 4, 6)
    }
    forests = {
        f"{FOREST} of {trees}, depth {depth}": RandomForestClassifier(trees, max_depth=depth)
        for trees in (20, 100)
        for depth in (4, 8)
    }
    return linear | boosting | symmetric | forests


def _time_us(artifact: Artifact, records: list[dict[Any, Any]]) -> tuple[float, float]:
    """Return what each of some records takes, and the reference beside them."""
    start = perf_counter()
    sum(map(getitem, REFERENCE, bytes(len(REFERENCE))))
    between = perf_counter()
    for record in records:
        score_records(artifact, [record])
    end = perf_counter()
    return (end - between) / len(records) * 1e6, (between - start) * 1e6


if __name__ == "__main__":
    main()
