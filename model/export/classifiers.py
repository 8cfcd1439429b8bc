"""Which classifiers can be exported, and what reads the trees of each."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression, SGDClassifier

from model.errors import ExportError
from model.export.boosters import read_catboost, read_lightgbm
from model.export.ensembles import SKLEARN_READERS, Ensemble

_LINEAR = (LogisticRegression, SGDClassifier)
_BOOSTERS: dict[str, Callable[[Any], Ensemble]] = {  # by name: neither need be installed
    "lightgbm.LGBMClassifier": read_lightgbm,
    "catboost.CatBoostClassifier": read_catboost,
}


def check_classifier(classifier: Any) -> None:
    """Refuse what can't be exported.

    Raises:
        ExportError: another classifier, loss or number of classes.
    """
    name = type(classifier).__name__
    if not is_linear(classifier) and _find_reader(classifier) is None:
        known = [kind.__name__ for kind in (*_LINEAR, *SKLEARN_READERS)]
        known += [path.partition(".")[2] for path in _BOOSTERS]
        raise ExportError(f"{name}: can't be reproduced; supported: {', '.join(known)}")
    if not np.array_equal(classifier.classes_, [0, 1]):
        raise ExportError(f"{name}: expected the two classes 0 and 1")
    if type(classifier) is SGDClassifier and classifier.loss != "log_loss":
        raise ExportError(f"SGDClassifier(loss={classifier.loss!r}): expected log_loss")


def is_linear(classifier: Any) -> bool:
    """Return whether a classifier has coefficients; the others have trees."""
    return type(classifier) in _LINEAR


def read_ensemble(classifier: Any) -> Ensemble:
    """Return a fitted classifier's trees.

    Raises:
        ExportError: an option that the function couldn't reproduce exactly.
    """
    reader = _find_reader(classifier)
    if reader is None:
        raise ExportError(f"{type(classifier).__name__}: has no trees")
    return reader(classifier)


def _find_reader(classifier: Any) -> Callable[[Any], Ensemble] | None:
    kind = type(classifier)
    library = kind.__module__.partition(".")[0]
    return SKLEARN_READERS.get(kind) or _BOOSTERS.get(f"{library}.{kind.__name__}")
