"""How long the function takes for a record, counted from the model: no clock decides who serves."""

from math import log2

from inference.scoring.artifact import Artifact
from inference.scoring.conditions import list_symmetric
from inference.scoring.model_types import Trees
from inference.scoring.tree_sums import BYTE, Answers
from inference.scoring.trees import Masks, suits_masks

COSTS_US = {  # of what is counted; fitted by benchmarks/bench_speed.py, 2026-11-25, AMD EPYC
    "records": 1.073,  # look-ups by name, checks, the link
    "numbers": 0.046,
    "linear terms": 0.926,
    "tree terms": 1.87,
    "gaps": 0.051,  # numbers that may be missing, of each term of trees
    "mask kB": 0.093,  # of all look-ups together, ANDed
    "bytes": 0.022,  # of leaves, looked up together
    "answers": 0.04,  # bytes of symmetric trees' answers
    "words": 0.036,  # of a larger tree's leaves
    "leaves": 0.001,  # that words have
    "steps": 0.058,  # down deep trees
}


def estimate_us(artifact: Artifact) -> float:
    """Return the microseconds that one record takes: of one model the same on every machine.

    Within a fifth of what the benchmark measures, and at most a tenth too few, whatever kinds of
    trees there are. On another machine or Python all models take longer, or all less.
    """
    return sum(COSTS_US[name] * count for name, count in count_work(artifact).items())


def count_work(artifact: Artifact) -> dict[str, float]:
    """Return how many of each of COSTS_US there are for a record."""
    work = dict.fromkeys(COSTS_US, 0.0) | {"records": 1.0, "numbers": len(artifact.lows)}
    for term in artifact.model["terms"]:
        own = {"linear terms": 1.0} if term["kind"] == "linear" else _count_trees(term, artifact)
        work |= {name: work[name] + count for name, count in own.items()}
    return work


def _count_trees(term: Trees, artifact: Artifact) -> dict[str, float]:
    work = {"tree terms": 1.0, "gaps": len(artifact.lows) * ("missing_left" in term)}
    if not suits_masks(term):
        return work | {"steps": _count_steps(term)}
    masks = Masks(term, artifact.features)
    tables = masks.bits.byte_sums
    answers = sum(isinstance(table, Answers) for table in tables)
    look_ups = len(masks.by_number) + len(masks.by_category)
    return work | {
        "mask kB": masks.size * look_ups / 1000,
        "bytes": len(tables) - answers,
        "answers": answers,
        "words": len(masks.bits.word_sums),
        "leaves": sum(len(own) for own in term["trees"]["values"] if len(own) > BYTE),
    }


def _count_steps(term: Trees) -> float:
    depths = [log2(len(values)) for values in term["trees"]["values"]]
    return sum(depths) + sum(len(conditions) for conditions, _ in list_symmetric(term))
