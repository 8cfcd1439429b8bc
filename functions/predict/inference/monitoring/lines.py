"""Lines and objects of counts, as they are told and as they add up."""

import json
from typing import Any

EVENT = "customer_counts"  # of a log line
COUNTS = "counts/"  # of the bulk bucket: an object for each run


def read_line(text: str) -> dict[str, Any] | None:
    """Return what a log line of counts says; None for any other line, or a damaged one."""
    start = text.find("{")  # some runtimes put a time and an id in front
    try:
        line = json.loads(text[start:])
    except ValueError:
        return None
    return line if isinstance(line, dict) and line.get("event") == EVENT else None


def add_up(total: dict[str, Any] | None, line: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of both.

    Raises:
        ValueError, KeyError, TypeError: they are not of the same bins.
    """
    if total is None:
        return {name: line[name] for name in ("customers", "features", "scores")}
    pairs = zip(total["features"], line["features"], strict=True)
    return {
        "customers": total["customers"] + line["customers"],
        "features": [_add(one, other) for one, other in pairs],
        "scores": _add(total["scores"], line["scores"]),
    }


def fits(line: dict[str, Any], reference: dict[str, Any]) -> bool:
    """Return whether counts are whole numbers in the bins of a reference."""
    try:
        fields = [len(field["counts"]) for field in reference["features"]]
        has_bins = [len(counts) for counts in line["features"]] == fields
        has_bins = has_bins and len(line["scores"]) == len(reference["scores"]["counts"])
        numbers = [line["customers"], *line["scores"], *(n for f in line["features"] for n in f)]
    except (KeyError, TypeError):
        return False
    return has_bins and all(type(number) is int and number >= 0 for number in numbers)


def _add(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
