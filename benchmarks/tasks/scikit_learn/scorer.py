"""scikit-learn itself: the fitted pipeline, unpickled."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pandas as pd


def load_scorer(path: Path) -> Callable[[list[dict]], list[float]]:
    """Return the function from records to probabilities."""
    pipeline = pickle.loads(path.read_bytes())  # noqa: S301  our own file
    return lambda records: pipeline.predict_proba(pd.DataFrame(records))[:, 1].tolist()
