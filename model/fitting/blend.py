"""A weighted sum of several models' log-odds, calibrated in log-odds: itself a classifier."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.pipeline import Pipeline

from model.evaluation.metrics import Floats


@dataclass(frozen=True, eq=False)
class Blend:
    """Fitted pipelines whose log-odds are added up: scale * sum(weight * log-odds) + shift.

    Attributes:
        members: each a ColumnTransformer and a classifier, fitted on the same columns.
        weights: of the members' log-odds, none below 0.
        scale: calibration, with `shift`; 1 and 0 leave the sum as it is.
    """

    members: tuple[Pipeline, ...]
    weights: tuple[float, ...]
    scale: float = 1.0
    shift: float = 0.0

    def decision_function(self, frame: pd.DataFrame) -> Floats:
        """Return the log-odds of the second class, one per row."""
        total = np.zeros(len(frame))
        for member, weight in zip(self.members, self.weights, strict=True):
            total += weight * log_odds(member, frame)
        return self.scale * total + self.shift

    def predict_proba(self, frame: pd.DataFrame) -> Floats:
        """Return the probabilities of both classes, a row per row of the frame."""
        positive = expit(self.decision_function(frame))
        return np.column_stack([1.0 - positive, positive])


Model: TypeAlias = Pipeline | Blend


def has_log_odds(model: Model, frame: pd.DataFrame) -> bool:
    """Return whether a fitted pipeline's probabilities are those of its log-odds, on some rows."""
    if isinstance(model, Blend) or raw_score(model[-1]) is None:
        return False
    return bool(np.allclose(expit(log_odds(model, frame)), model.predict_proba(frame)[:, 1]))


def log_odds(pipeline: Pipeline, frame: pd.DataFrame) -> Floats:
    """Return the log-odds as the pipeline's own library sums them up, before any link.

    Raises:
        TypeError: the classifier adds up probabilities, not log-odds, as a forest does.
    """
    raw = raw_score(pipeline[-1])
    if raw is None:
        raise TypeError(f"{type(pipeline[-1]).__name__}: has no log-odds")
    return np.asarray(raw(pipeline[:-1].transform(frame)), dtype=np.float64)


def raw_score(classifier: Any) -> Any:
    """Return the function from matrix to log-odds, or None where there is none."""
    # LightGBM and CatBoost by module: neither need be installed.
    library = type(classifier).__module__.partition(".")[0]
    if library == "lightgbm":
        return lambda matrix: classifier.booster_.predict(matrix, raw_score=True, num_threads=1)
    if library == "catboost":
        return lambda matrix: classifier.predict(
            matrix, prediction_type="RawFormulaVal", thread_count=1
        )
    return getattr(classifier, "decision_function", None)
