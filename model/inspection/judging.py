"""How well some columns tell the target by themselves, for rows that no model was fitted on."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

SEED = 42
_FOLDS = 3

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def judge_table(numbers: pd.DataFrame, target: Rows) -> float:
    """Return the AUC of a small boosting of all columns; 0.5 where there is none."""
    if numbers.empty:
        return 0.5
    return float(roc_auc_score(target, predict_by_boosting(numbers, target)))


def judge(model: ClassifierMixin, numbers: pd.DataFrame, target: Rows) -> float:
    """Return the AUC of rows that the model wasn't fitted on."""
    return float(roc_auc_score(target, predict(model, numbers, target)))


def predict_by_boosting(numbers: pd.DataFrame, target: Rows) -> Floats:
    """Return each row's probability by a small boosting that was fitted on others."""
    model = HistGradientBoostingClassifier(max_iter=40, learning_rate=0.2, random_state=SEED)
    return predict(model, numbers, target)


def predict(model: ClassifierMixin, numbers: pd.DataFrame, target: Rows) -> Floats:
    """Return each row's probability by a model that was fitted on others."""
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=SEED)
    found = cross_val_predict(model, numbers.to_numpy(), target, cv=folds, method="predict_proba")
    return found[:, 1]
