"""Customers whose services depend on each other, and what would help some of them.

What-if worked out from the table itself and by the library alone, for readers to be held to.
"""

from collections import Counter
from itertools import combinations
from math import inf
from typing import Any

import numpy as np
import pandas as pd

from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, build_dataset

ROWS = 600
LEAST_BEYOND = 0.05  # of the rows, that a range of charges has to leave out to count
LIMIT = 3  # changes of one field that a case lists, and of two
NAMES = ("phone", "internet", "support", "backup", "contract")
ASKED = (  # which customers, and what is special about one
    "a customer with everything",
    "without internet",
    "without a phone, whose internet is of the one kind there is without",
    "with the other internet",
)


def draw_services() -> Dataset:
    """Return a table where support and backup need internet, and one kind of it needs a phone.

    Charges are what the services cost; internet costs most.
    """
    rng = np.random.default_rng(5)
    lines = [",".join(("customer", "tenure", "charges", *NAMES, "churn"))]
    for row in range(ROWS):
        phone = rng.choice(["no", "yes"], p=[0.4, 0.6])
        internet = rng.choice(["cable", "fibre", "none"]) if phone == "yes" else "cable"
        support, backup = (
            rng.choice(["no", "yes"], 2) if internet != "none" else ["no internet"] * 2
        )
        contract, tenure = rng.choice(["month", "year"]), int(rng.integers(1, 73))
        charges = (
            10 + 5 * (phone == "yes") + 20 * (internet == "cable") + 45 * (internet == "fibre")
        )
        charges += 8 * (support == "yes") + 3 * (backup == "yes") + round(rng.uniform(0, 4), 2)
        score = 1.2 * (internet == "fibre") - 1.5 * (internet == "none") - (support == "yes")
        score += 0.8 * (contract == "month") - 0.6 * (backup == "yes") - tenure / 40
        score += (charges - 40) / 50
        churn = "yes" if rng.logistic() < score else "no"
        cells = (f"c{row}", tenure, charges, phone, internet, support, backup, contract, churn)
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
    reached: dict[tuple, tuple[float, dict[str, Any]]] = {}
    for chosen in proposals:
        changed = _bring_along(frame, row, dict(chosen))
        if changed is None or changed in [changes for _, changes in reached.values()]:
            continue
        probability = model.predict_proba(pd.DataFrame([row | changed]))[0, 1]
        reached[chosen] = float(probability), changed
    return reached


def _bring_along(frame: pd.DataFrame, row: dict, changed: dict) -> dict[str, Any] | None:
    """Return the changes with all that they need, in the table's order; None where they clash."""
    for name in changed:
        having = frame[frame[name] == changed[name]]
        for other in NAMES:
            value = changed.get(other, row[other])
            if (having[other] == value).any():
                continue
            if other in changed:
                return None
            typical = Counter(frame[other]).most_common(1)[0][0]
            going = sorted(set(having[other]), key=lambda text: (text != typical, text))
            return _bring_along(frame, row, changed | {other: going[0]})
    return _move_charges(frame, row, changed)


def _move_charges(frame: pd.DataFrame, row: dict, changed: dict) -> dict[str, Any] | None:
    """Return the changes, and the charges if what changes is never had for as much or as little."""
    low, high = _find_range(frame, changed)
    listed = {name: changed[name] for name in NAMES if name in changed}
    if low <= row["charges"] <= high:
        return listed
    low, high = _find_range(frame, {name: row[name] for name in NAMES} | changed)
    return {"charges": min(max(row["charges"], low), high)} | listed if low <= high else None


def _find_range(frame: pd.DataFrame, having: dict[str, str]) -> tuple[float, float]:
    """Return the least and the greatest charges beside all of some values."""
    charges = frame["charges"]
    parts = [charges[frame[name] == text] for name, text in having.items()]
    lows = [p.min() for p in parts if (charges < p.min()).mean() >= LEAST_BEYOND]
    highs = [p.max() for p in parts if (charges > p.max()).mean() >= LEAST_BEYOND]
    return max([-inf, *lows]), min([inf, *highs])
