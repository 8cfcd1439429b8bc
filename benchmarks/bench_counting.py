"""What does counting cost a request: of one customer, and of a thousand?

Beside a request as it is read, scored and answered, without Lambda, gateway and log line, so the
shares here are larger than a caller could notice. Both take turns, and processor time counts; the
line of counts that a minute ends with is made within each round. Customers are counted together
once enough of them wait, so one request pays for those before it: that one is timed apart.
"""

import argparse
import json
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarks.machine import describe_run
from inference.endpoints.predict import respond
from inference.http_api.request import read_request
from inference.monitoring.counts import TOGETHER
from inference.monitoring.recorder import LINE_S, MOST, Recorder
from inference.scoring.artifact import load_artifact
from model.export.parity import to_records
from model.fitting.candidates import build_candidates
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset
from model.training.choices import Choices
from model.training.train import train

ROUNDS = 15
CASES = {  # records of a request -> requests of a minute
    "1, each counted": (1, MOST),
    "1, of a minute with 10,000": (1, 10 * MOST),
    "1,000, each with a sample counted": (1_000, 5),
}


def main() -> None:
    """Measure, and print a row for each case."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="?", type=Path, help="customers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    artifact, records = prepare(args.csv)
    rows, run = measure(artifact, records), describe_run()
    alone_us, together_us = measure_settling(artifact, records)
    if args.json:
        settling = {"waits_us": alone_us, "settles_us": together_us, "together": TOGETHER}
        print(json.dumps({"run": run, "rows": rows, "settling": settling}, indent=2))
        return
    print(", ".join(run.values()))
    for row in rows:
        print(f"{row['records']}: {row['us']:.1f} µs, counted {row['share']:+.1%}")
    print(
        f"a customer who waits: {alone_us:.1f} µs; one of {TOGETHER} settles: {together_us:.0f} µs"
    )


def prepare(csv: Path | None) -> tuple[Any, list[dict[str, Any]]]:
    """Return a model, and customers as clients send them."""
    dataset = load_dataset(csv, options=INFER_ALL)
    name = "HistGradientBoostingClassifier"
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    artifact = load_artifact(train(dataset, {name: candidates[name]}, Choices()).body)
    return artifact, to_records(dataset.frame)


def measure(artifact: Any, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return for each case a request's microseconds, and the share that counting adds."""
    rows = []
    for case, (size, requests) in CASES.items():
        starts = (place * size % (len(records) - size) for place in range(requests))
        bodies = [json.dumps({"records": records[start : start + size]}) for start in starts]
        events = [_make_event(body) for body in bodies]
        pairs = [
            (_time(artifact, events, is_counted=False), _time(artifact, events, is_counted=True))
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


def measure_settling(artifact: Any, records: list[dict[str, Any]]) -> tuple[float, float]:
    """Return a request's microseconds of counting: of one that waits, of one that settles."""
    waits, settles = [], []
    for _ in range(ROUNDS):
        recorder = Recorder(lambda _: None)
        times = []
        for record in records[:TOGETHER]:
            started_s = perf_counter()
            recorder.record((artifact, None, [record], [0.5]))
            times.append(perf_counter() - started_s)
        waits.append(median(times))
        settles.append(times[-1])
    return median(waits) * 1e6, median(settles) * 1e6


def _time(artifact: Any, events: list[dict[str, Any]], *, is_counted: bool) -> float:
    """Return the seconds of a minute's requests, of which the last finds it over."""
    now_s = iter([*[0.0] * len(events), LINE_S])
    recorder = Recorder(lambda _: None, now_s.__next__)
    recorder.record((artifact, None, [], []))
    started_s = process_time()
    for event in events:
        response = respond(read_request(event), lambda: artifact)
        if is_counted:
            recorder.record(response.scored)  # type: ignore[arg-type]  # all can be scored
        response.to_event()
    return process_time() - started_s


if __name__ == "__main__":
    main()
