"""How often does the monitor alarm for nothing, how soon for a reason, what does counting cost?

Quiet weeks are customers of the table, drawn anew each day; shifted ones are drawn from the same
customers after a change. Counts, comparison and alarm are the functions' own code.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.machine import describe_run
from inference.monitoring.counts import Counts
from inference.monitoring.verdict import FEWEST, compare_fields, has_drifted
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.export.parity import to_records
from model.fitting.candidates import build_candidates
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset
from model.training.choices import Choices
from model.training.train import train

SEED = 14
WEEKS = 1_000
DAYS = 7
SIZES = (FEWEST, 1_000, 5_000, 50_000)  # customers a day
SHIFTED_SIZES = (1_000, 5_000)
TRIALS = 200  # of each shift
LEARNERS = ("LogisticRegression", "HistGradientBoostingClassifier")

Places = npt.NDArray[np.int64]  # a row per customer, a column per field and the score
Shares = npt.NDArray[np.float64]  # how likely each customer is to be drawn


def main() -> None:
    """Simulate on a table of IBM's columns, and print a row for each case."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="?", type=Path, help="customers of IBM's table")
    parser.add_argument(
        "--weeks", type=int, default=WEEKS, help="quiet ones (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    rows = [row for name in LEARNERS for row in measure(args.csv, name, args.weeks)]
    run = describe_run()
    if args.json:
        print(json.dumps({"run": run, "rows": rows}, indent=2))
        return
    print(", ".join(run.values()), "", make_table(rows), sep="\n")


def measure(csv: Path | None, learner: str, weeks: int) -> list[dict[str, Any]]:
    """Return a row for each size of quiet weeks, and for each shift and size."""
    dataset = load_dataset(csv, options=INFER_ALL)
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    body = train(dataset, {learner: candidates[learner]}, Choices()).body
    model, frame = json.loads(body), dataset.frame
    rng = np.random.default_rng(SEED)
    even = np.full(len(frame), 1 / len(frame))
    quiet = find_places(body, frame)
    rows = []
    for size in SIZES:
        draw = partial(draw_day, model, quiet, even, size, rng)
        alarms = sum(any(watch_days(draw, DAYS)) for _ in range(weeks))
        rows.append(
            {"model": learner, "case": "quiet", "customers": size, "of": weeks}
            | {"alarms": alarms, "named": ""}
        )
    for case, (change, field) in SHIFTS.items():
        changed, shares = change(frame.copy(), even)
        places = find_places(body, changed)
        for size in SHIFTED_SIZES:
            draw = partial(draw_day, model, places, shares, size, rng)
            found = sum(field in watch_days(draw, 2)[1] for _ in range(TRIALS))
            rows.append(
                {"model": learner, "case": case, "customers": size, "of": TRIALS}
                | {"alarms": found, "named": field}
            )
    return rows


def find_places(body: bytes, frame: pd.DataFrame) -> Places:
    """Return in which bin each customer is counted, by the function's own counting."""
    artifact = load_artifact(body)
    records = to_records(frame)
    scores = score_records(artifact, records).predictions
    places = []
    for record, score in zip(records, scores, strict=True):
        counts = Counts(artifact)
        counts.add_record(record, score if score is not None else 0.0)
        counted = counts.to_json()
        places.append([row.index(1) for row in (*counted["features"], counted["scores"])])
    return np.array(places)


def draw_day(
    model: dict[str, Any], places: Places, shares: Shares, size: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Return a day's counts, in the form that the monitor adds up."""
    drawn = rng.multinomial(size, shares)
    reference = model["reference"]
    widths = [len(field["counts"]) for field in (*reference["features"], reference["scores"])]
    *features, scores = (
        np.bincount(column, weights=drawn, minlength=width).astype(int).tolist()
        for column, width in zip(places.T, widths, strict=True)
    )
    counts = {"customers": size, "features": features, "scores": scores}
    return {"fields": compare_fields(model, counts)}


def watch_days(draw: Callable[[], dict[str, Any]], days: int) -> list[set[str]]:
    """Return for each day in a row the fields that alarm."""
    before: set[str] = set()
    alarms = []
    for _ in range(days):
        drifted = {field["name"] for field in draw()["fields"] if has_drifted(field)}
        alarms.append(drifted & before)
        before = drifted
    return alarms


def _raise_monthly(frame: pd.DataFrame, even: Shares) -> tuple[pd.DataFrame, Shares]:
    return frame, _weigh(frame["Contract"] == "Month-to-month", even, 0.1)


def _double_fibre(frame: pd.DataFrame, even: Shares) -> tuple[pd.DataFrame, Shares]:
    shares = even * np.where(frame["InternetService"] == "Fiber optic", 2.0, 1.0)
    return frame, shares / shares.sum()


def _raise_charges(frame: pd.DataFrame, even: Shares) -> tuple[pd.DataFrame, Shares]:
    return frame.assign(MonthlyCharges=frame["MonthlyCharges"] * 1.1), even


def _rename_payment(frame: pd.DataFrame, even: Shares) -> tuple[pd.DataFrame, Shares]:
    renamed = frame["PaymentMethod"].replace("Electronic check", "E-check")
    return frame.assign(PaymentMethod=renamed), even


def _blank_total(frame: pd.DataFrame, even: Shares) -> tuple[pd.DataFrame, Shares]:
    return frame.assign(TotalCharges=np.nan), even


def _weigh(is_one: "pd.Series[bool]", even: Shares, more: float) -> Shares:
    """Return shares of which one group has so much more."""
    share = float(is_one.mean())
    scaled = np.where(is_one, (share + more) / share, (1 - share - more) / (1 - share))
    return np.asarray(even * scaled)


SHIFTS: dict[str, tuple[Callable[..., tuple[pd.DataFrame, Shares]], str]] = {
    "10 points more month-to-month": (_raise_monthly, "Contract"),
    "charges 10 % higher": (_raise_charges, "MonthlyCharges"),
    "a category renamed": (_rename_payment, "PaymentMethod"),
    "a field gone blank": (_blank_total, "TotalCharges"),
    "twice as many fibre customers": (_double_fibre, "InternetService"),
}


def make_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| model | case | customers a day | alarms | of |", "|---|---|---:|---:|---:|"]
    lines += [
        f"| {row['model']} | {row['case']} | {row['customers']:,} | {row['alarms']:,} |"
        f" {row['of']:,} |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
