"""What a look at outcomes, and a series of them, look like in the terminal."""

import sys
from collections.abc import Sequence
from typing import Any

from model.console import print_line, print_table, print_warning
from model.outcomes.evaluation import ALL
from model.outcomes.ledger import Look, get_proof

TITLES = {
    "churn_rate": "share who left",
    "auc": "AUC",
    "brier": "Brier score",
    "top_decile_lift": "lift of the top tenth",
    "profit_per_1000": "offers to the flagged earn, per 1,000",
}
OFFER_TITLES = {
    "kept_share": "kept, of those made an offer",
    "profit_per_1000": "profit per 1,000 offers",
}
FIGURE_COLUMNS = ("figure", "promised#", "came true#", "from#", "to#")
TENTHS = ("customers#", "said to leave#", "left#")
SERIES = ("period", "customers#", "left#", "said#", "AUC#", "from#", "to#", "promised#", "lift#")


def print_look(look: Look) -> None:
    """Print what came true, group by group; what to beware of goes to stderr."""
    print_line(f"Model {look['model_version']}, period {look['period']}")
    print_line(_describe_join(look["joined"]))
    for name, group in look["groups"].items():
        who = "customers" if name == ALL else f"{name} customers"
        title = f"{group['customers']:,} {who}, of whom {group['left']:,} left"
        print_table(title, FIGURE_COLUMNS, list_figures(group["figures"], TITLES))
        tenths = map(_list_tenth, group["calibration"])
        print_table("By probability, in groups of equal size", TENTHS, tenths)
    if look["offers"]:
        rows = list_figures(look["offers"], OFFER_TITLES)
        print_table("What the offers did, if they were made by lot", FIGURE_COLUMNS, rows)
    sys.stdout.flush()
    for note in look["notes"]:
        print_warning(f"note: {note}")


def print_series(looks: Sequence[Look]) -> None:
    """Print a line for each period, with what proves how good the scores were."""
    if looks:
        print_table("Outcomes: what came true", SERIES, map(list_series, looks))


def list_series(look: Look) -> tuple[str, ...]:
    """Return a row of SERIES."""
    group = look["groups"][look["proof"]]
    figures = get_proof(look)
    rate, auc, lift = (figures[name] for name in ("churn_rate", "auc", "top_decile_lift"))
    return (
        look["period"],
        f"{group['customers']:,}",
        *(f"{rate[name]:.1%}" for name in ("value", "promised")),
        *(_show(auc[name]) for name in ("value", "low", "high", "promised")),
        f"{lift['value']:.2f}",
    )


def list_figures(figures: dict[str, Any], titles: dict[str, str]) -> list[tuple[str, ...]]:
    """Return a row of FIGURE_COLUMNS for each figure."""
    order = ("promised", "value", "low", "high")
    return [
        (titles[name], *[_show(figure[part]) for part in order]) for name, figure in figures.items()
    ]


def _list_tenth(tenth: dict[str, Any]) -> tuple[str, ...]:
    return (f"{tenth['customers']:,}", f"{tenth['expected']:.1%}", f"{tenth['actual']:.1%}")


def _show(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4f}"  # noqa: PLR2004  as money is


def _describe_join(counts: dict[str, int]) -> str:
    reasons = {
        "without_outcome": "scored, but without an outcome",
        "never_scored": "with an outcome, but never scored",
        "blank": "with a blank score, outcome or treatment",
        "unclear_ids": "rows with a blank id or one that occurs again",
    }
    lost = [f"{counts[name]:,} {text}" for name, text in reasons.items() if counts[name]]
    joined = f"{counts['joined']:,} of {counts['scored']:,} scored customers joined"
    return "; ".join([joined, *lost])
