"""What both versions are asked: the requests of events/, and made-up customers in many ways."""

import csv
import json
from io import StringIO
from pathlib import Path

from comparison.customers import Record, make_up_customers, spoil

JSON, CSV = "application/json", "text/csv"
CUSTOMERS = 100
ECONOMICS = {"value": 600, "cost": 50, "success": 0.3}

Question = tuple[str, dict]  # what it is called in the report, the event


def read_events(folder: Path) -> list[Question]:
    """Return the requests of a folder of JSON files, by the files' names."""
    paths = sorted(folder.glob("*.json"))
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in paths]


def make_questions(features: list[dict]) -> list[Question]:
    """Return requests about made-up customers of a model with these fields.

    One and many, as JSON and CSV, with reasons, with what an offer earns, with mistakes, and what
    would help one.
    """
    customers = make_up_customers(features, CUSTOMERS)
    first = customers[0]
    mixed = [first, *spoil(first, features)]
    return [
        ("one customer", _predict({"records": [first]})),
        ("many customers", _predict({"records": customers})),
        ("many, with reasons", _predict({"records": customers, "reasons": 3})),
        ("many, with economics", _predict({"records": customers, "economics": ECONOMICS})),
        ("many, answered as CSV", _predict({"records": customers}, accept=CSV)),
        ("many, as CSV", _predict_table(customers, accept=CSV)),
        ("many, as CSV, answered as JSON", _predict_table(customers, accept=JSON)),
        ("customers with mistakes", _predict({"records": mixed})),
        ("customers with mistakes, as CSV", _predict({"records": mixed}, accept=CSV)),
        ("what-if", ask_http("POST", "/whatif", {"record": first})),
    ]


def ask_http(
    method: str, path: str, body: object = None, content_type: str = JSON, accept: str = JSON
) -> dict:
    """Return the event of an HTTP request; a body that is no text is sent as JSON."""
    headers = {"accept": accept, "user-agent": "deploy-hook"}
    event = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"http": {"method": method, "path": path}},
        "isBase64Encoded": False,
    }
    if body is not None:
        headers["content-type"] = content_type
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def name_route(event: dict) -> str:
    """Return the route that an event goes to; a direct invocation is one of /predict."""
    http = event.get("requestContext", {}).get("http", {})
    return f"{http.get('method', 'POST')} {http.get('path', '/predict')}"


def _predict(body: dict, accept: str = JSON) -> dict:
    return ask_http("POST", "/predict", body, accept=accept)


def _predict_table(customers: list[Record], accept: str) -> dict:
    text = StringIO()
    writer = csv.DictWriter(text, list(customers[0]))
    writer.writeheader()
    writer.writerows(customers)
    return ask_http("POST", "/predict", text.getvalue(), content_type=CSV, accept=accept)
