"""Who competes: name -> unfitted pipeline, all with the same preprocessing.

Each can be exported exactly. Tried on IBM's table by cross-validation and left out, as none came
out ahead of the regularised boosting below: extra trees, forests with large leaves, averaged SGD,
weaker or stronger penalties, and GradientBoostingClassifier with the boosting's own settings.
"""

from collections.abc import Sequence

from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline

from model.evaluation.folds import SEED
from model.fitting.blend import Blend, Model
from model.fitting.preprocessing import build_preprocessing

_SLOW = (GradientBoostingClassifier, RandomForestClassifier)  # they sort all rows for each tree


def build_candidates(
    numeric: Sequence[str], categorical: Sequence[str], grouped: Sequence[str] = ()
) -> dict[str, Pipeline]:
    """Return an unfitted pipeline per competitor, the classifier's class as its name.

    Args:
        numeric: the table's columns of numbers.
        categorical: its columns of texts.
        grouped: those of them whose rare texts are put together.
    """
    classifiers = [
        GradientBoostingClassifier(n_estimators=100, random_state=SEED),
        LogisticRegression(max_iter=500),
        SGDClassifier(loss="log_loss", random_state=SEED),
        RandomForestClassifier(n_estimators=100, random_state=SEED),
        # Small trees, each split of which sees 30 % of the columns: the best of some 30 settings
        # in cross-validation on the training part of IBM's table, ahead of larger and more trees.
        HistGradientBoostingClassifier(
            learning_rate=0.08,
            max_iter=100,
            max_depth=3,
            max_leaf_nodes=5,
            max_features=0.3,
            l2_regularization=10.0,
            early_stopping=False,
            random_state=SEED,
        ),
    ]
    return {
        type(classifier).__name__: Pipeline(
            [
                ("preprocessing", build_preprocessing(numeric, categorical, grouped)),
                ("model", classifier),
            ]
        )
        for classifier in classifiers
    }


def suits_many_rows(model: Model) -> bool:
    """Return whether a model learns from a million customers in minutes, not hours."""
    members = model.members if isinstance(model, Blend) else (model,)
    return not any(isinstance(member[-1], _SLOW) for member in members)
