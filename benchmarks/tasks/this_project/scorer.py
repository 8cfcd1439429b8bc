"""This project's scoring, by itself: what the function does between parsing and answering."""

from collections.abc import Callable
from pathlib import Path

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records


def load_scorer(path: Path) -> Callable[[list[dict]], list[float]]:
    """Return the function from records to probabilities."""
    artifact = load_artifact(path.read_bytes())
    return lambda records: score_records(artifact, records).predictions
