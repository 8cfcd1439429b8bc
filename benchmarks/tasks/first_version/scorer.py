"""The first version's scoring, by itself."""

import json
from collections.abc import Callable
from pathlib import Path

from naive_scoring import compile_model


def load_scorer(path: Path) -> Callable[[list[dict]], list[float]]:
    """Return the function from records to probabilities."""
    predict = compile_model(json.loads(path.read_bytes())["artifact"])
    return lambda records: [predict(record) for record in records]
