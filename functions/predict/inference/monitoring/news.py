"""What a window has to tell: metrics for CloudWatch, and for people which fields have moved."""

from datetime import UTC, datetime
from typing import Any

NAMESPACE = "ChurnScoring"  # as in inference.telemetry, which brings the whole API along
DIMENSION = "FunctionName"
UNITS = {
    "MonitoredCustomers": "Count",
    "DriftedFields": "Count",  # in this window
    "AlarmedFields": "Count",  # in this and the one before
    "ExpectedChurnRate": "None",
    "ExpectedAuc": "None",
}
TOLD = 0.01  # of the customers: smaller shares of odd values aren't worth a word
NAMED = 10  # fields in a message, those that moved furthest

Document = dict[str, Any]


def describe_metrics(window: Document, function: str) -> Document:
    """Return a log line in CloudWatch's embedded metric format, of the version most used."""
    metrics = _measure(window)
    names = [{"Name": name, "Unit": UNITS[name]} for name in metrics]
    directive = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": names}
    about: Document = {"Timestamp": int(datetime.now(UTC).timestamp() * 1000)}
    about |= {"CloudWatchMetrics": [directive]}
    told = {DIMENSION: function, "event": "window_judged", "day": window["day"]}
    return {"_aws": about} | told | metrics


def write_news(window: Document) -> tuple[str, str] | None:
    """Return subject and text of a message that names the fields; None where none alarms."""
    lines = []
    for version, verdict in window["versions"].items():
        alarming = [
            field for field in verdict.get("fields", ()) if field["name"] in verdict["alarm"]
        ]
        alarming.sort(key=lambda field: field["moved"], reverse=True)
        lines += [f"Model {version}, {verdict['customers']:,} customers:"] if alarming else []
        lines += [_describe_field(field) for field in alarming[:NAMED]]
        lines += [f"and {len(alarming) - NAMED} more"] if len(alarming) > NAMED else []
    if not lines:
        return None
    subject = f"Customers differ from training ({window['day']})"
    return subject, "\n".join([f"{subject}, in two windows in a row.", *lines])


def _measure(window: Document) -> dict[str, float]:
    judged = [verdict for verdict in window["versions"].values() if verdict["is_judged"]]
    customers = sum(verdict["customers"] for verdict in window["versions"].values())
    metrics: dict[str, float] = {
        "MonitoredCustomers": customers,
        "DriftedFields": sum(len(verdict["drifted"]) for verdict in judged),
        "AlarmedFields": sum(len(verdict["alarm"]) for verdict in judged),
    }
    if judged:
        estimates = max(judged, key=lambda verdict: verdict["customers"])["estimates"]
        figures = {"ExpectedChurnRate": estimates["churn_rate"], "ExpectedAuc": estimates["auc"]}
        known = {name: figure["value"] for name, figure in figures.items()}
        metrics |= {name: value for name, value in known.items() if value is not None}
    return metrics


def _describe_field(field: Document) -> str:
    line = f"- {field['name']}: {field['moved']:.1%} of them moved to other bins"
    odd = {"blank": field.get("blank", 0) - field.get("blank_in_training", 0)}
    odd |= {name: field.get(name, 0) for name in ("unseen", "outside")}
    words = {"blank": "more blank", "unseen": "of unseen categories", "outside": "out of range"}
    told = [f"{share:.1%} {words[name]}" for name, share in odd.items() if share >= TOLD]
    return f"{line} ({', '.join(told)})" if told else line
