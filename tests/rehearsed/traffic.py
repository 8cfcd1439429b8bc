"""Days of customers, sent over HTTP, and the lines of counts that the function logs of them."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import requests

from inference.monitoring.lines import EVENT, read_line
from model.samples.synthetic_csv import write_csv

REQUEST_ROWS = 100  # all of them are counted
TIMEOUT_S = 60
PATIENCE_S = 60
DEARER = 1.25  # what a month costs now, of what it did
STREAM = "earlier-days"


def draw_customers(folder: Path, rows, seed):
    """Return made-up customers as texts, with what they did."""
    path = folder / f"{seed}.csv"
    list(write_csv(path, rows, seed))
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def change_world(customers, seed):
    """Return them after prices rose, and most contracts ended: now those who stayed long leave."""
    rng = np.random.default_rng(seed)
    dearer = customers["MonthlyCharges"].astype(float) * DEARER
    ended = rng.random(len(customers)) < 0.7  # of the long contracts
    contract = customers["Contract"].mask(ended, "Month-to-month")
    chance = np.where(customers["tenure"].astype(int) > 30, 0.6, 0.1)  # months
    left = np.where(rng.random(len(customers)) < chance, "Yes", "No")
    return customers.assign(
        MonthlyCharges=dearer.map("{:.2f}".format), Contract=contract, Churn=left
    )


def send_customers(url, customers):
    """Have all of them scored, a hundred a request; return the model's version."""
    versions = set()
    for start in range(0, len(customers), REQUEST_ROWS):
        rows = customers.iloc[start : start + REQUEST_ROWS].drop(columns="Churn")
        found = requests.post(
            f"{url}/predict",
            data=rows.to_csv(index=False).encode(),
            headers={"content-type": "text/csv"},
            timeout=TIMEOUT_S,
        )
        found.raise_for_status()
        versions.add(found.headers["x-model-version"])
    (version,) = versions
    return version


def await_counts(stack, customers):
    """Return the lines of counts in the function's log, once they count so many customers."""
    deadline = time.monotonic() + PATIENCE_S
    asked = {"logGroupName": stack.resources["PredictLogs"], "filterPattern": f'"{EVENT}"'}
    while time.monotonic() < deadline:
        events = stack.client("logs").filter_log_events(**asked)["events"]
        lines = [line for event in events if (line := read_line(event["message"]))]
        found = sum(line["customers"] for line in lines)
        if found >= customers:
            return lines
        time.sleep(0.2)
    raise AssertionError(f"{found} customers were counted, not {customers}")


def date_lines(stack, days):
    """Put lines into the function's log under days that are over: day -> its lines."""
    logs, group = stack.client("logs"), stack.resources["PredictLogs"]
    logs.create_log_stream(logGroupName=group, logStreamName=STREAM)
    events = [
        {"timestamp": int(noon(day).timestamp() * 1000), "message": json.dumps(line)}
        for day, lines in sorted(days.items())
        for line in lines
    ]
    logs.put_log_events(logGroupName=group, logStreamName=STREAM, logEvents=events)


def read_kept(stack):
    """Return all that function and monitor have logged and stored of customers."""
    logs, s3, bucket = stack.client("logs"), stack.client("s3"), stack.outputs["ModelBucket"]
    groups = [stack.resources[name] for name in ("PredictLogs", "MonitorLogs")]
    found = [logs.filter_log_events(logGroupName=group)["events"] for group in groups]
    keys = s3.list_objects_v2(Bucket=bucket, Prefix="monitoring/")["Contents"]
    stored = [s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() for entry in keys]
    return [event["message"] for events in found for event in events] + [
        body.decode() for body in stored
    ]


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
