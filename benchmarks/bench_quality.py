"""How good is what serves, and how long does it take: by table and budget, beside other boosting?

Beside this project scikit-learn's, LightGBM's and CatBoost's classifiers with their defaults, as a
person would run them: one fit, categories as each library takes them. All learn from the same
training part and are measured on the same held-out one, in one run; seconds include reading.
AutoGluon joins where --autogluon names a Python that has it: it pins packages that ours can't have.
"""

import argparse
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.machine import describe_run
from model.competition.leaderboard import MAX_TEST_ROWS, select
from model.competition.serving import MAX_KB, MAX_US
from model.evaluation.folds import SEED, draw_rows, split_dataset
from model.evaluation.metrics import Floats, Targets
from model.fitting.candidates import build_candidates
from model.fitting.cross_validation import predict
from model.search.search import DEFAULT_BUDGET_S, plan_trials, search_candidates
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, load_dataset
from model.training.choices import Choices
from model.training.train import train

RESAMPLES = 1_000  # of the held-out customers, for the intervals
CONFIDENCE = 95  # percent
BUDGETS_S = (0.0, DEFAULT_BUDGET_S)
AUTOGLUON = Path(__file__).parent / "tasks" / "autogluon" / "fit.py"
AUTOGLUON_S = 240.0
TARGET = "left"  # what AutoGluon's tables call it

Contender = Callable[[Dataset], tuple[str, Floats]]  # what it came to, and its probabilities


def main() -> None:
    """Measure the tables that are named, and print a row for each contender."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="+", type=Path, help="tables of customers")
    parser.add_argument(
        "--budget",
        metavar="SECONDS",
        type=float,
        action="append",
        help="of this project's search; repeatable (default: none, and training's own)",
    )
    parser.add_argument(
        "--autogluon", metavar="PYTHON", type=Path, help="a Python that has autogluon.tabular"
    )
    parser.add_argument(
        "--autogluon-seconds", type=float, default=AUTOGLUON_S, help="default: %(default)g"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    peers = dict(PEERS)
    if args.autogluon:
        seconds = args.autogluon_seconds
        peers[f"AutoGluon, {seconds:g} s"] = _run_autogluon(args.autogluon.absolute(), seconds)
    rows = [row for path in args.csv for row in measure(path, args.budget or BUDGETS_S, peers)]
    run = describe_run()
    if args.json:
        print(json.dumps({"run": run, "rows": rows}, indent=2))
        return
    print(", ".join(run.values()), "", make_table(rows), sep="\n")


def measure(
    path: Path, budgets_s: Sequence[float], peers: dict[str, Contender]
) -> list[dict[str, Any]]:
    """Return a row per contender: what it came to, seconds, quality, and how far ours is ahead."""
    ours = {f"this project, {budget:g} s": _search(budget) for budget in budgets_s}
    found: dict[str, tuple[str, Floats, float]] = {}
    for name, contender in (ours | peers).items():
        start = perf_counter()
        dataset = load_dataset(path, options=INFER_ALL)
        what, probabilities = contender(dataset)
        found[name] = (what, probabilities, perf_counter() - start)
    target = dataset.target[_held_out(dataset)]
    reference = found[list(ours)[-1]][1]
    return [
        {
            "table": dataset.name,
            "rows": len(dataset.target),
            "name": name,
            "what": what,
            "seconds": seconds,
            "auc": float(roc_auc_score(target, probabilities)),
            "average_precision": float(average_precision_score(target, probabilities)),
            **_compare(target, probabilities, reference),
        }
        for name, (what, probabilities, seconds) in found.items()
    ]


def make_table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as Markdown."""
    lines = [
        f"| table | | serves | seconds | AUC ({CONFIDENCE} %) | avg precision | AUC of the last"
        " of ours minus this | its 1 - AUC over this one's |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        low, high = row["auc_interval"]
        behind, ahead = row["ahead_interval"]
        lines.append(
            f"| {row['table']} ({row['rows']:,}) | {row['name']} | {row['what']} |"
            f" {row['seconds']:,.1f} | {row['auc']:.4f} ({low:.4f} to {high:.4f}) |"
            f" {row['average_precision']:.4f} |"
            f" {row['ahead']:+.4f} ({behind:+.4f} to {ahead:+.4f}) | {row['ratio']:.3f} |"
        )
    means = (f"| mean | {name} | | | | | | {ratio:.3f} |" for name, ratio in _average(rows).items())
    return "\n".join([*lines, *means])


def _average(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return each contender's mean ratio over the tables."""
    ratios: dict[str, list[float]] = {}
    for row in rows:
        ratios.setdefault(row["name"], []).append(row["ratio"])
    return {name: float(np.mean(found)) for name, found in ratios.items()}


def _held_out(dataset: Dataset) -> Any:
    return draw_rows(dataset, split_dataset(dataset)[1], MAX_TEST_ROWS)


def _search(budget_s: float) -> Contender:
    def run(dataset: Dataset) -> tuple[str, Floats]:
        planned = plan_trials(dataset, budget_s)
        found = search_candidates(dataset, planned, budget_s, lambda *_: None)
        candidates = build_candidates(dataset.numeric, dataset.categorical, dataset.grouped)
        choices = Choices(max_us=MAX_US, max_kb=MAX_KB)
        training = train(dataset, candidates | found.candidates, choices)
        served = training.served
        what = f"{served.name}, {(served.artifact_bytes or 0) / 1000:.0f} kB"
        frame = select(dataset, _held_out(dataset)).frame
        return f"{what}, {served.prediction_us:.1f} µs", predict(served.pipeline, frame)

    return run


def _run_hist(dataset: Dataset) -> tuple[str, Floats]:
    model = HistGradientBoostingClassifier(random_state=SEED, categorical_features="from_dtype")
    return _fit_peer(dataset, model, _as_categories(dataset))


def _run_lightgbm(dataset: Dataset) -> tuple[str, Floats]:
    from lightgbm import LGBMClassifier

    return _fit_peer(
        dataset, LGBMClassifier(random_state=SEED, verbose=-1), _as_categories(dataset)
    )


def _run_catboost(dataset: Dataset) -> tuple[str, Floats]:
    from catboost import CatBoostClassifier

    texts = list(dataset.categorical)
    frame = dataset.frame.copy()
    frame[texts] = frame[texts].fillna("")
    model = CatBoostClassifier(
        random_seed=SEED, cat_features=texts, verbose=False, allow_writing_files=False
    )
    return _fit_peer(dataset, model, frame)


def _run_autogluon(python: Path, seconds: float) -> Contender:
    def run(dataset: Dataset) -> tuple[str, Floats]:
        rows, _ = split_dataset(dataset)
        learned = dataset.frame.iloc[rows].assign(**{TARGET: dataset.target[rows]})
        with TemporaryDirectory() as folder:
            learned.to_csv(Path(folder) / "train.csv", index=False)
            dataset.frame.iloc[_held_out(dataset)].to_csv(Path(folder) / "test.csv", index=False)
            arguments = ["train.csv", "test.csv", TARGET, f"{seconds:g}", *dataset.categorical]
            command = [str(python), str(AUTOGLUON), *arguments]
            answer = subprocess.check_output(command, cwd=folder)  # noqa: S603 (who runs it named it)
        return "best_quality", np.array(json.loads(answer.splitlines()[-1]))

    return run


def _fit_peer(dataset: Dataset, model: Any, frame: pd.DataFrame) -> tuple[str, Floats]:
    rows, _ = split_dataset(dataset)
    model.fit(frame.iloc[rows], dataset.target[rows])
    return type(model).__name__, model.predict_proba(frame.iloc[_held_out(dataset)])[:, 1]


def _as_categories(dataset: Dataset) -> pd.DataFrame:
    return dataset.frame.astype(dict.fromkeys(dataset.categorical, "category"))


def _compare(target: Targets, probabilities: Floats, reference: Floats) -> dict[str, Any]:
    """Return the intervals of AUC and of the reference's lead: percentiles over resamples."""
    generator = np.random.default_rng(SEED)
    aucs, leads = [], []
    for _ in range(RESAMPLES):
        rows = generator.integers(0, len(target), len(target))
        aucs.append(roc_auc_score(target[rows], probabilities[rows]))
        leads.append(roc_auc_score(target[rows], reference[rows]) - aucs[-1])
    ends = [(100 - CONFIDENCE) / 2, (100 + CONFIDENCE) / 2]
    auc, ours = roc_auc_score(target, probabilities), roc_auc_score(target, reference)
    return {
        "auc_interval": np.percentile(aucs, ends).tolist(),
        "ahead": float(ours - auc),
        "ahead_interval": np.percentile(leads, ends).tolist(),
        "ratio": float((1 - ours) / (1 - auc)),
    }


PEERS: dict[str, Contender] = {
    "scikit-learn, defaults": _run_hist,
    "LightGBM, defaults": _run_lightgbm,
    "CatBoost, defaults": _run_catboost,
}


if __name__ == "__main__":
    main()
