"""The customers that the vectors' models learn from, and those that they are asked about."""

import json
from collections.abc import Iterator
from math import inf, isnan, nan, nextafter
from typing import Any

import numpy as np

from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, build_dataset

ROWS = 400
CITIES = ("Aachen", "Köln", "Łódź", "Zürich", "Bad Salzuflen", "Emden", "Gera", "Hof", "Jena")
SPREADSHEET = {  # how a spreadsheet may have written the same table
    "charges": {"number_format": {"decimal": ",", "unit": "€"}},
    "usage": {"number_format": {"decimal": "."}, "missing": ["NA", "?"]},
    "contract": {"missing": ["-"], "spellings": {"ONE YEAR": "One year"}},
}
BASE = 5  # a customer without blanks, whose fields are changed one at a time
THRESHOLDS = 2  # of each number, asked at and beside

Case = tuple[str, dict[str, Any], dict[str, Any]]  # what is special, record, and row of the table


def draw_customers() -> Dataset:
    """Return a table with blanks, a skewed category, texts beyond ASCII, and texts of numbers."""
    rng = np.random.default_rng(11)
    lines = ["customer,tenure,charges,usage,contract,city,lines,paperless,churn"]
    shares = 0.6 ** np.arange(len(CITIES))
    for row in range(ROWS):
        tenure = int(rng.integers(0, 73))
        charges = round(rng.uniform(18, 119), 2)
        usage = rng.lognormal(0, 2)
        contract = rng.choice(["Month-to-month", "One year", "Two year"])
        city = rng.choice(CITIES, p=shares / shares.sum())
        phones, paperless = rng.choice(["1", "2", "3+"]), rng.choice(["true", "false"])
        score = 1 - tenure / 20 + charges / 60 + 1.5 * (contract == "Month-to-month")
        score += (phones == "2") + 0.5 * (city == "Zürich") - 0.4 * np.log(usage) * (tenure > 30)
        cells = [
            f"c{row}",
            tenure,
            "" if rng.random() < 0.05 else charges,
            "" if rng.random() < 0.15 else f"{usage:.4g}",
            "" if rng.random() < 0.05 else contract,
            city,
            phones,
            paperless,
            "yes" if rng.logistic() < score - 1.5 else "no",
        ]
        lines.append(",".join(map(str, cells)))
    return build_dataset(parse_table("customers.csv", "\n".join(lines).encode()), INFER_ALL)


def list_cases(dataset: Dataset, body: bytes) -> list[Case]:
    """Return customers to ask a model file about, with all that a record may be written like."""
    rows = [dict(row) for row in dataset.frame.head(BASE + 1).to_dict("records")]
    cases = [("a customer", {n: _plain(v) for n, v in row.items()}, row) for row in rows]
    _, record, row = cases[BASE]
    changes = [*_list_blanks(row), *_list_spellings(), *_list_numbers(), *_list_thresholds(body)]
    changes += _list_formatted() if dataset.spellings else ()
    return cases + [
        (why, record | {name: sent}, row | {name: meant}) for why, name, sent, meant in changes
    ]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


Change = tuple[str, str, Any, Any]  # why, field, value in the record, value in the table


def _list_blanks(row: dict[str, Any]) -> Iterator[Change]:
    for name, value in row.items():
        missing = nan if isinstance(value, float) else None
        yield f"{name} null", name, None, missing
    yield "usage white space", "usage", " \t", nan
    yield "contract empty", "contract", "", None


def _list_spellings() -> Iterator[Change]:
    for text in (" 12 ", "1.2e1", "+12.0", "12."):
        yield "a number as text", "tenure", text, 12.0
    yield "a number as text", "usage", "-.5", -0.5
    for sent, meant in ((2, "2"), (1.0, "1"), (3, "3"), (2.5, "2.5")):
        yield "a category as number", "lines", sent, meant
    for sent in (True, False):
        yield "a category as truth value", "paperless", sent, str(sent).lower()
    for name, text in (("contract", "month-to-month"), ("contract", "Two year "), ("city", "Ulm")):
        yield f"{name} with another text", name, text, text
    for city in CITIES[1::2]:
        yield "a city", "city", city, city


def _list_numbers() -> Iterator[Change]:
    for number in (0.0, -1.0, 5e-324, 1e30, -1e30, 1.0000000596046448):
        yield "an unusual number", "usage", number, number


def _list_formatted() -> Iterator[Change]:
    """Yield what a reader takes whose model file has SPREADSHEET's members."""
    commas = {
        "1.234,5 €": 1234.5,
        " € 90,25": 90.25,
        "-€3": -3.0,
        "90": 90.0,
        "1\u00a0234,": 1234.0,
        "1'234'567,5": 1234567.5,
        ",5": 0.5,
        "1,2E+03€": 1200.0,
    }
    for text, number in commas.items():
        yield "a number with a decimal comma", "charges", text, number
    for text, number in {"1,234.5": 1234.5, "12 345": 12345.0, "1e-3": 0.001}.items():
        yield "a number with a decimal point", "usage", text, number
    for text in ("NA", " ? "):
        yield "a text that means missing", "usage", text, nan
    yield "a text that means missing", "contract", "-", None
    yield "another spelling", "contract", "ONE YEAR", "One year"


def _list_thresholds(body: bytes) -> Iterator[Change]:
    """Yield numbers at thresholds, and their neighbours."""
    artifact = json.loads(body)["artifact"]
    names = ("tenure", "charges", "usage")
    for term in artifact.get("terms", [artifact]):
        for name, group in zip(names, term.get("thresholds", ()), strict=False):
            finite = [threshold for threshold in group if abs(threshold) < 1e300]
            for place in np.linspace(0, len(finite) - 1, min(len(finite), THRESHOLDS)).astype(int):
                exact = finite[place]
                for number in (nextafter(exact, -inf), exact, nextafter(exact, inf)):
                    yield f"{name} at a threshold", name, number, number
