"""How a run's summary prints: a few lines on stderr, where the answer may go through stdout."""

import sys
from typing import Any

FIRST = 5  # kinds of errors or warnings that are printed


def print_summary(summary: dict[str, Any]) -> None:
    """Print what a run came to."""
    print("\n".join(describe(summary)), file=sys.stderr)


def describe(summary: dict[str, Any]) -> list[str]:
    """Return what a run came to, a line for each fact."""
    seconds, customers = summary["seconds"], summary["customers"]
    lines = [
        f"{customers:,} customers in {seconds:,.1f} s, "
        f"{customers / max(seconds, 1e-3):,.0f} a second, by model {summary['model_version']}",
        f"{summary['churners']:,} reach the threshold {summary['threshold']:g}",
    ]
    if "reach" in summary:
        reach = summary["reach"]
        lines.append(
            f"{reach['calls']:,} calls reach down to probability {reach['probability']:g}: "
            f"{reach['customers']:,} customers"
        )
    if summary["not_scored"]:
        lines.append(f"{summary['not_scored']:,} can't be scored; the column error says why:")
    for kind in summary["errors"][:FIRST]:
        rows = ", ".join(f"{row:,}" for row in kind["first_rows"][:FIRST])
        lines.append(f"  {kind['rows']:,} x {kind['message']} (customer {rows})")
    lines += [f"  {kind['rows']:,} x {kind['message']}" for kind in summary["warnings"][:FIRST]]
    return lines
