"""What a run came to, for a person and for the next program: one JSON object."""

from collections.abc import Callable

from inference.advice.economics import ROUNDING
from inference.bulk.tally import BINS, Tally

BARS = 20  # of the histogram that the summary shows


def summarize(options: dict, tally: Tally) -> dict:
    """Return customers, errors and warnings by kind, the histogram, and how far calls reach.

    `histogram` has a count for each twentieth of the probabilities from 0 to 1. `reach` says, for
    the calls or the budget that the run named, from which probability on there are no more
    customers than that; it is a multiple of 0.001.
    """
    summary = {
        "customers": tally.customers,
        "scored": tally.scored,
        "churners": tally.churners,
        "not_scored": tally.customers - tally.scored,
        "errors": [
            {"message": message, "rows": count, "first_rows": places}
            for message, (count, places) in _by_count(tally.errors, lambda item: item[1][0])
        ],
        "warnings": [
            {"message": message, "rows": count}
            for message, count in _by_count(tally.warnings, lambda item: item[1])
        ],
        "histogram": _draw(tally),
    }
    calls = count_calls(options)
    return summary | ({} if calls is None else {"reach": _reach(tally, calls)})


def count_calls(options: dict) -> int | None:
    """Return how many customers can be called: as the run says, or as its budget pays for."""
    counts = [options["calls"]] if "calls" in options else []
    economics = options.get("economics", {})
    if "budget" in economics and economics["cost"]:
        counts.append(int(economics["budget"] / economics["cost"] + ROUNDING))
    return min(counts, default=None)


def _by_count(counts: dict, get_count: Callable) -> list[tuple]:
    return sorted(counts.items(), key=get_count, reverse=True)


def _draw(tally: Tally) -> list[int]:
    width = BINS // BARS
    bars = [0] * BARS
    for place, count in tally.bins.items():
        bars[min(place // width, BARS - 1)] += count  # the last holds probability 1, too
    return bars


def _reach(tally: Tally, calls: int) -> dict:
    """Return the lowest probability at which there are no more customers than calls."""
    customers = 0
    probability = 1.0
    for place in sorted(tally.bins, reverse=True):
        if customers + tally.bins[place] > calls:
            break
        customers += tally.bins[place]
        probability = place / BINS
    return {"calls": calls, "probability": probability, "customers": customers}
