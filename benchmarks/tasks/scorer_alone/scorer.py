"""This project's compiled model, without the checks and the batch around it."""

from collections.abc import Callable
from pathlib import Path

from inference.scoring.artifact import load_artifact


def load_scorer(path: Path) -> Callable[[list[dict]], list[float]]:
    """Return the function from records to probabilities."""
    artifact = load_artifact(path.read_bytes())
    get_numbers, get_categories = artifact.get_numbers, artifact.get_categories
    score, link = artifact.score, artifact.link
    return lambda records: [
        link(score(get_numbers(record), get_categories(record))) for record in records
    ]
