"""A field's customers over time as a picture: a column per day, a band per bin, training first."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import htpy as h

HEIGHT = 120  # pixels, of 100 %
WIDEST = 26  # pixels, of a column and the gap beside it
ALL = 620  # pixels, of all columns together, at most
GAP = 2

Document = dict[str, Any]


def draw_field(
    name: str, bins: Sequence[str], reference: Sequence[int], days: Sequence[tuple[str, list[int]]]
) -> h.Element:
    """Return a field's picture; each band says what it is when pointed at.

    Args:
        name: of the field.
        bins: what they are called.
        reference: training customers in each.
        days: what each column is called, and its customers in each bin.
    """
    columns = [("training", [*reference]), *days]
    step = min(WIDEST, ALL // len(columns))
    bands = [
        _draw_column(label, bins, counts, place * step + (GAP * 2 if place else 0), step - GAP)
        for place, (label, counts) in enumerate(columns)
    ]
    width = len(columns) * step + GAP * 2
    label = f"{name}: shares in training, then on {len(days)} days"
    return h.svg(
        viewBox=f"0 0 {width} {HEIGHT}",
        width=str(width),
        height=str(HEIGHT),
        role="img",
        aria_label=label,
    )[bands]


def name_bins(spec: Document, field: Document) -> list[str]:
    """Return what a feature's bins are called, in the order of its counts."""
    if spec["kind"] == "category":
        return [*spec["categories"], "any other", "blank"]
    edges = [f"{edge:g}" for edge in field["edges"]]
    lower = [f"{spec['min']:g}", *edges[:-1]]
    between = [f"{low} to {high}" for low, high in zip(lower, edges, strict=True)]
    return [f"below {lower[0]}", *between, f"above {edges[-1]}", "blank"]


def name_score_bins(scores: Document) -> list[str]:
    """Return what the bins of the probability are called."""
    edges = ["0", *(f"{edge:g}" for edge in scores["edges"]), "1"]
    return [f"{low} to {high}" for low, high in pairwise(edges)]


def _draw_column(
    label: str, bins: Sequence[str], counts: Sequence[int], left: int, width: int
) -> list[h.Element]:
    total = sum(counts) or 1
    below = 0
    bands = []
    for place, (name, count) in enumerate(zip(bins, counts, strict=True)):
        if count:
            top = HEIGHT * (1 - (below + count) / total)
            band = h.rect(
                x=str(left),
                y=f"{top:.2f}",
                width=str(width),
                height=f"{HEIGHT * count / total:.2f}",
                fill=_colour(place, len(bins)),
            )
            bands.append(band[h.title[f"{label}, {name}: {count / total:.1%}"]])
        below += count
    return bands


def _colour(place: int, bins: int) -> str:
    """Return a blue that is darker for later bins, and orange for the last, which is blanks."""
    if place == bins - 1:
        return "#d55e00"
    return f"hsl(205 {45 + 35 * place // bins}% {88 - 60 * place // bins}%)"
