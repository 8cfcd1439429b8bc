"""What does counting cost a request: of one customer, and of a thousand?

Beside a request as it is read, scored and answered, without Lambda, gateway and log line, so the
shares here are larger than a caller could notice. Both take turns, and processor time counts.
"""

import argparse
import json
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from benchmarks.machine import describe_run
from inference.endpoints.predict import respond
from inference.http_api.request import read_request
from inference.monitoring.recorder import MOST, Recorder
from inference.scoring.artifact import load_artifact
from model.export.parity import to_records
from model.fitting.candidates import build_candidates
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset
from model.training.choices import Choices
from model.training.train import train

ROUNDS = 15
CASES = {  # records of a request -> requests of a round: up to MOST customers, then far beyond
    "1, each counted": (1, MOST),
    "1, of a busy minute": (1, 10 * MOST),
    "1,000": (1_000, 5),
}


def main() -> None:
    """Measure, and print a row for each case."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="?", type=Path, help="customers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    rows, run = measure(args.csv), describe_run()
    if args.json:
        print(json.dumps({"run": run, "rows": rows}, indent=2))
        return
    print(", ".join(run.values()))
    for row in rows:
        print(f"{row['records']}: {row['us']:.1f} µs, counted {row['share']:+.1%}")


def measure(csv: Path | None) -> list[dict[str, Any]]:
    """Return for each case a request's microseconds, and the share that counting adds."""
    dataset = load_dataset(csv, options=INFER_ALL)
    name = "HistGradientBoostingClassifier"
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    artifact = load_artifact(train(dataset, {name: candidates[name]}, Choices()).body)
    records = to_records(dataset.frame)
    rows = []
    for case, (size, requests) in CASES.items():
        starts = (place * size % (len(records) - size) for place in range(requests))
        bodies = [json.dumps({"records": records[start : start + size]}) for start in starts]
        events = [_make_event(body) for body in bodies]
        pairs = [
            (_time(artifact, events, None), _time(artifact, events, Recorder(lambda _: None)))
            for _ in range(ROUNDS)
        ]
        share = median(counted / plain for plain, counted in pairs) - 1
        us = median(plain for plain, _ in pairs) / requests * 1e6
        rows.append({"records": case, "us": us, "share": share})
    return rows


def _make_event(body: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "POST /predict",
        "rawPath": "/predict",
        "headers": {"content-type": "application/json", "accept": "*/*"},
        "requestContext": {"http": {"method": "POST", "path": "/predict"}},
        "isBase64Encoded": False,
        "body": body,
    }


def _time(artifact: Any, events: list[dict[str, Any]], recorder: Recorder | None) -> float:
    started_s = process_time()
    for event in events:
        response = respond(read_request(event), lambda: artifact)
        if recorder and response.scored:
            recorder.record(response.scored)
        response.to_event()
    return process_time() - started_s


if __name__ == "__main__":
    main()
