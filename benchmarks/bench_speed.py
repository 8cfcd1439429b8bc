"""How far is the time that training counts for a prediction from the time that it takes?

Models of many sizes learn from each table; one record at a time is scored by the function's code,
on the Python at hand. The last line is what `model.competition.speed` counts with, fitted anew.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.optimize import nnls
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from benchmarks.machine import describe_run
from inference.scoring.artifact import Artifact, load_artifact
from inference.scoring.batch import score_records
from model.competition.speed import COSTS_US, count_work, estimate_us
from model.export.model_file import build_artifact, serialize
from model.export.parity import to_records
from model.fitting.leaves import round_leaves
from model.fitting.preprocessing import build_preprocessing
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, load_dataset

LEARNED_ROWS = 3_000
RECORDS = 50
ROUNDS = 25  # the fastest counts: the others had to wait for something


def main() -> None:
    """Measure models on the tables that are named, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="+", type=Path, help="tables of customers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    with threadpool_limits(limits=1):
        rows = [row for path in args.csv for row in measure(load_dataset(path, options=INFER_ALL))]
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


def measure(dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Yield what is counted and measured for each model, in microseconds a record."""
    learned = np.arange(min(LEARNED_ROWS, len(dataset.target)))
    records = to_records(dataset.frame.iloc[-RECORDS:])
    for name, classifier in _list_classifiers().items():
        columns = dataset.numeric, dataset.categorical, dataset.grouped
        steps = [("preprocessing", build_preprocessing(*columns)), ("model", classifier)]
        pipeline = Pipeline(steps).fit(dataset.frame.iloc[learned], dataset.target[learned])
        round_leaves(pipeline)
        artifact = load_artifact(serialize(build_artifact(pipeline, dataset, learned), {}))
        yield {
            "table": dataset.name,
            "model": name,
            "work": count_work(artifact),
            "counted": estimate_us(artifact),
            "measured": min(_time_us(artifact, records) for _ in range(ROUNDS)),
        }


def fit_costs(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return the cost of each thing counted, least squares of the ratios, none below 0."""
    work = np.array([[row["work"][name] for name in COSTS_US] for row in rows])
    measured = np.array([row["measured"] for row in rows])
    costs, _ = nnls(work / measured[:, None], np.ones(len(rows)))
    return dict(zip(COSTS_US, costs.round(3).tolist(), strict=True))


def _list_classifiers() -> dict[str, Any]:
    from catboost import CatBoostClassifier

    fixed: dict[str, Any] = {"thread_count": 1, "verbose": False, "allow_writing_files": False}
    linear = {"linear": LogisticRegression(max_iter=500)}
    boosting = {
        f"{trees} trees of {leaves} leaves": HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, early_stopping=False
        )
        for trees in (20, 60, 120, 250)
        for leaves in (4, 8, 16, 31)
    }
    symmetric = {
        f"{trees} symmetric trees of depth {depth}": CatBoostClassifier(
            n_estimators=trees, depth=depth, **fixed
        )
        for trees in (40, 120, 250, 400)
        for depth in (2, 3, 4, 6)
    }
    forests = {
        f"forest of {trees}, depth {depth}": RandomForestClassifier(trees, max_depth=depth)
        for trees in (20, 100)
        for depth in (4, 8)
    }
    return linear | boosting | symmetric | forests


def _time_us(artifact: Artifact, records: list[dict[Any, Any]]) -> float:
    start = perf_counter()
    for record in records:
        score_records(artifact, [record])
    return (perf_counter() - start) / len(records) * 1e6


if __name__ == "__main__":
    main()
