"""How long the function takes for a record, counted from the model: no clock decides who serves."""

from math import log2

from inference.scoring.artifact import Artifact
from inference.scoring.conditions import list_symmetric
from inference.scoring.model_types import Trees
from inference.scoring.trees import Masks, suits_masks

COSTS_US = {  # of what is counted; fitted by benchmarks/bench_speed.py, 2026-11-25, AMD EPYC
    "records": 2.0,  # look-ups by name, checks, the link
    "numbers": 0.044,
    "tree terms": 0.9,
    "mask kB": 0.32,  # of all look-ups together, ANDed
    "bytes": 0.034,  # of leaves or answers, looked up together
    "words": 0.046,  # of a larger tree's leaves
    "steps": 0.062,  # down deep trees
}


def estimate_us(artifact: Artifact) -> float:
    """Return the microseconds that one record takes: of one model the same on every machine.

    Within a half of what the benchmark measures, and too few for deep forests of many leaves,
    which are beyond any limit. On another machine all models take longer, or all less.
    """
    return sum(COSTS_US[name] * count for name, count in count_work(artifact).items())


def count_work(artifact: Artifact) -> dict[str, float]:
    """Return how many of each of COSTS_US there are for a record."""
    work = dict.fromkeys(COSTS_US, 0.0) | {"records": 1.0, "numbers": len(artifact.lows)}
    for term in artifact.model["terms"]:
        if term["kind"] != "trees":
            continue
        work["tree terms"] += 1
        if not suits_masks(term):
            work["steps"] += _count_steps(term)
            continue
        masks = Masks(term, artifact.features)
        work["bytes"] += len(masks.bits.byte_sums)
        work["words"] += len(masks.bits.word_sums)
        look_ups = len(masks.by_number) + len(masks.by_category)
        work["mask kB"] += masks.size * look_ups / 1000
    return work


def _count_steps(term: Trees) -> float:
    depths = [log2(len(values)) for values in term["trees"]["values"]]
    return sum(depths) + sum(len(conditions) for conditions, _ in list_symmetric(term))
