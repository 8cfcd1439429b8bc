"""Customers whose services depend on each other, and what would help some of them.

What-if worked out from the table itself and by the library alone, for readers to be held to.
"""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, build_dataset

ROWS = 600
LIMIT = 3  # changes of one field that a case lists, and of two
NAMES = ("phone", "internet", "support", "backup", "contract")
ASKED = (  # which customers, and what is special about one
    "a customer with everything",
    "without internet",
    "without a phone, whose internet is of the one kind there is without",
    "with the other internet",
)


def draw_services() -> Dataset:
    """Return a table where support and backup need internet, and one kind of it needs a phone."""
    rng = np.random.default_rng(5)
    lines = [",".join(("customer", "tenure", *NAMES, "churn"))]
    for row in range(ROWS):
        phone = rng.choice(["no", "yes"], p=[0.4, 0.6])
        internet = rng.choice(["cable", "fibre", "none"]) if phone == "yes" else "cable"
        support, backup = (
            rng.choice(["no", "yes"], 2) if internet != "none" else ["no internet"] * 2
        )
        contract, tenure = rng.choice(["month", "year"]), int(rng.integers(1, 73))
        score = 1.2 * (internet == "fibre") - 1.5 * (internet == "none") - (support == "yes")
        score += 0.8 * (contract == "month") - 0.6 * (backup == "yes") - tenure / 40
        churn = "yes" if rng.logistic() < score else "no"
        cells = (f"c{row}", tenure, phone, internet, support, backup, contract, churn)
        lines.append(",".join(map(str, cells)))
    return build_dataset(parse_table("services.csv", "\n".join(lines).encode()), INFER_ALL)


def choose_customers(model: Any, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row for each of ASKED, the likeliest of its kind to leave."""
    ranked = frame.iloc[np.argsort(-model.predict_proba(frame)[:, 1], kind="stable")]
    return [dict(ranked[kind.loc[ranked.index]].iloc[0]) for kind in _list_kinds(frame)]


def _list_kinds(frame: pd.DataFrame) -> tuple[pd.Series, ...]:
    internet = [frame["internet"] == kind for kind in ("cable", "none", "fibre")]
    phone = frame["phone"] == "yes"
    everything = (frame[["support", "backup"]] == "yes").all(axis=1) & phone
    return everything, internet[1], ~phone, internet[2]


def list_changes(model: Any, frame: pd.DataFrame, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the best changes of one field and of two, by the table and the fitted model."""
    options = [(name, text) for name in NAMES for text in sorted(frame[name].unique())]
    single = [(option,) for option in options if row[option[0]] != option[1]]
    alone = _reach(model, frame, row, single)
    pairs = [pair for pair in combinations((c for (c,) in alone), 2) if pair[0][0] != pair[1][0]]
    now = model.predict_proba(pd.DataFrame([row]))[0, 1]
    listed = []
    for reached in (alone, _reach(model, frame, row, pairs)):
        helpful = [
            (probability, chosen, changes)
            for chosen, (probability, changes) in reached.items()
            if probability < now
            and (len(chosen) == 1 or all(probability < alone[(c,)][0] for c in chosen))
        ]
        listed += sorted(helpful, key=lambda found: found[0])[:LIMIT]
    return [
        {
            "changes": changes,
            "follows": [name for name in changes if name not in dict(chosen)],
            "probability": probability,
        }
        for probability, chosen, changes in sorted(listed, key=lambda found: found[0])
    ]


def _reach(model: Any, frame: pd.DataFrame, row: dict[str, Any], proposals: list) -> dict:
    """Return proposal -> probability and all changes, without those that repeat an earlier one."""
    reached: dict[tuple, tuple[float, dict[str, str]]] = {}
    for chosen in proposals:
        changed = _bring_along(frame, row, dict(chosen))
        if changed is None or changed in [changes for _, changes in reached.values()]:
            continue
        probability = model.predict_proba(pd.DataFrame([row | changed]))[0, 1]
        reached[chosen] = float(probability), changed
    return reached


def _bring_along(frame: pd.DataFrame, row: dict, changed: dict) -> dict[str, str] | None:
    """Return the changes with all that they need, in the table's order; None where they clash."""
    for name in changed:
        having = frame[frame[name] == changed[name]]
        for other in NAMES:
            value = changed.get(other, row[other])
            if (having[other] == value).any():
                continue
            if other in changed:
                return None
            counts = Counter(frame[other])
            typical = min(
                sorted(set(having[other])), key=lambda text: text != counts.most_common(1)[0][0]
            )
            return _bring_along(frame, row, changed | {other: typical})
    return {name: changed[name] for name in NAMES if name in changed}
