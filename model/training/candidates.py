"""Who competes: name -> unfitted pipeline, all with the same preprocessing.

Each can be exported exactly. Tried on IBM's table by cross-validation and left out, as none came
out ahead of the regularised boosting below: extra trees, forests with large leaves, averaged SGD,
weaker or stronger penalties, and GradientBoostingClassifier with the boosting's own settings.
"""

from collections.abc import Sequence

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

SEED = 42  # of everything that training draws by lot, the held-out rows included


def build_candidates(numeric: Sequence[str], categorical: Sequence[str]) -> dict[str, Pipeline]:
    """Return an unfitted pipeline per competitor, the classifier's class as its name.

    Args:
        numeric: the table's columns of numbers.
        categorical: its columns of texts.
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
            [("preprocessing", _build_preprocessing(numeric, categorical)), ("model", classifier)]
        )
        for classifier in classifiers
    }


def _build_preprocessing(numeric: Sequence[str], categorical: Sequence[str]) -> ColumnTransformer:
    numbers = [("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())]
    texts = [
        ("imputer", SimpleImputer(strategy="most_frequent")),
        ("encoder", OneHotEncoder(handle_unknown="ignore")),
    ]
    return ColumnTransformer(
        [
            ("numbers", Pipeline(numbers), list(numeric)),
            ("categories", Pipeline(texts), list(categorical)),
        ],
        sparse_threshold=0.0,  # HistGradientBoostingClassifier takes dense matrices only
    )
