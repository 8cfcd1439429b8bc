"""What training customers were like, in counts: what live customers are held against.

Its form is docs/artifact.md's `reference`; `inference.monitoring.bins` counts live customers in it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

NUMBER_BINS = 10  # of about as many customers each; fewer where many share a number
SCORE_BINS = 20  # likewise, and one more, as the threshold parts two
_DIGITS = 4  # significant ones, of the scores that part two bins

Floats = npt.NDArray[np.float64]
Targets = npt.NDArray[np.int64]


def build_reference(
    features: Sequence[dict[str, Any]],
    frame: pd.DataFrame,
    probabilities: Floats,
    target: Targets,
    threshold: float,
) -> dict[str, Any]:
    """Return the model file's `reference`.

    Args:
        features: the schema's.
        frame: the training rows: numbers (NaN where blank) and texts (NaN likewise).
        probabilities: of training customers, by models that hadn't seen them.
        target: 1 for each of these who left, else 0.
        threshold: from which a customer gets the label 1; parts two bins.
    """
    return {
        "customers": len(frame),
        "features": [
            _count_numbers(frame[spec["name"]].to_numpy(np.float64))
            if spec["kind"] == "number"
            else _count_categories(frame[spec["name"]], spec["categories"])
            for spec in features
        ],
        "scores": _count_scores(probabilities, target, threshold),
    }


def _count_numbers(values: Floats) -> dict[str, Any]:
    """Return each bin's upper edge, a number of the column, and its customers.

    Before the bins' counts stands that of smaller numbers than any, after them that of larger ones,
    and that of blanks.
    """
    known = values[~np.isnan(values)]
    shares = np.arange(1, NUMBER_BINS + 1) / NUMBER_BINS
    edges = np.unique(np.quantile(known, shares, method="inverted_cdf"))
    counts = np.bincount(np.searchsorted(edges, known), minlength=len(edges))
    blanks = len(values) - len(known)
    return {"edges": edges.tolist(), "counts": [0, *map(int, counts), 0, blanks]}


def _count_categories(texts: "pd.Series[Any]", categories: Sequence[str]) -> dict[str, Any]:
    """Return the customers of each category, of all others, and the blank ones."""
    counts = texts.value_counts()
    known = [int(counts.get(category, 0)) for category in categories]
    return {"counts": [*known, int(counts.sum()) - sum(known), int(texts.isna().sum())]}


def _count_scores(probabilities: Floats, target: Targets, threshold: float) -> dict[str, Any]:
    """Return the lowest score of each bin but the first, its customers, and how many left."""
    shares = np.arange(1, SCORE_BINS) / SCORE_BINS
    quantiles = np.quantile(probabilities, shares, method="inverted_cdf")
    edges = np.unique([*(float(f"{score:.{_DIGITS}g}") for score in quantiles), threshold])
    places = np.searchsorted(edges, probabilities, side="right")
    bins = len(edges) + 1
    return {
        "edges": edges.tolist(),
        "counts": np.bincount(places, minlength=bins).tolist(),
        "leavers": np.bincount(places[target == 1], minlength=bins).tolist(),
    }
