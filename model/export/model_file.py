"""A fitted pipeline becomes a model file: preprocessing and classifier from one and the same fit.

History of FORMAT_VERSION (docs/artifact.md describes each; one is never changed in place):
none  the first version's file: `artifact` and `training_meta` alone
2     digest, schema, version; linear models and trees
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline

from model.errors import ExportError
from model.export.ensembles import ENSEMBLE_READERS
from model.export.export_trees import build_trees
from model.export.preprocessing import Preprocessing, read_preprocessing, require_imputers
from model.export.schema import build_feature_means, build_features
from model.table.dataset import Dataset

FORMAT_VERSION = 2
MAX_SIZE_BYTES = 5_000_000  # what a cold start can fetch and parse within its time-out
_LINEAR = (LogisticRegression, SGDClassifier)
_PIPELINE_STEPS = 2


def build_artifact(  # noqa: PLR0913 - what the user may set, each by name
    pipeline: Pipeline,
    dataset: Dataset,
    train_rows: Sequence[int] | np.ndarray,
    *,
    threshold: float = 0.5,
    changeable: Sequence[str] | None = None,
    economics: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Return the model file's `artifact` and `schema`, and for a linear model `feature_means`.

    Args:
        pipeline: ColumnTransformer and classifier, fitted.
        dataset: the table it was fitted on a part of.
        train_rows: positions of that part; ranges and means describe it.
        threshold: probability from which the label is the positive one.
        changeable: features that what-if may change; None means every category whose name
            doesn't sound like a fact about a person.
        economics: default `value`, `cost` and `success` of a retention offer.

    Raises:
        ExportError: names what couldn't be reproduced exactly.
    """
    if type(pipeline) is not Pipeline or len(pipeline.steps) != _PIPELINE_STEPS:
        raise ExportError("expected a Pipeline of two steps: ColumnTransformer, classifier")
    transformer, classifier = pipeline[0], pipeline[1]
    preprocessing = read_preprocessing(transformer, dataset.numeric, dataset.categorical)
    _check_classifier(classifier)
    payload: dict[str, Any] = {}
    if type(classifier) in ENSEMBLE_READERS:
        payload["artifact"] = build_trees(classifier, preprocessing)
    else:
        payload["artifact"] = _build_linear(classifier, preprocessing)
        payload["feature_means"] = build_feature_means(preprocessing, dataset, train_rows)
    payload["schema"] = {
        "target": dataset.target_name,
        "labels": list(dataset.labels),
        "threshold": threshold,
        "id": dataset.id_column,
        "features": build_features(preprocessing, dataset, train_rows, changeable),
    }
    if economics:
        payload["schema"]["economics"] = economics
    return payload


def serialize(payload: dict[str, Any], meta: dict[str, Any]) -> bytes:
    """Return the model file: compact JSON whose numbers read back bit for bit.

    Args:
        payload: what `build_artifact` returned.
        meta: `training_meta`; `version` is added, and `trained_at` where it lacks.

    Raises:
        ExportError: the file would be larger than MAX_SIZE_BYTES.
    """
    content = {"artifact": payload["artifact"], "schema": payload["schema"]}
    trained_at = datetime.fromisoformat(meta.get("trained_at") or datetime.now(UTC).isoformat())
    digest = hashlib.sha256(_to_json(content)).hexdigest()
    additions = {
        "version": f"{trained_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:12]}",
        "trained_at": trained_at.isoformat(),
    }
    if "feature_means" in payload:
        additions["feature_means"] = payload["feature_means"]
    document = {
        "format_version": FORMAT_VERSION,
        **content,
        "training_meta": additions | meta | additions,
    }
    rest = _to_json(document)[1:]
    body = b'{"digest":"sha256:' + hashlib.sha256(rest).hexdigest().encode() + b'",' + rest
    if len(body) > MAX_SIZE_BYTES:
        raise ExportError(
            f"the model file would have {len(body):,} bytes, more than {MAX_SIZE_BYTES:,};"
            " set max_depth, max_leaf_nodes or min_samples_leaf, or fewer n_estimators"
        )
    return body


def _check_classifier(classifier: Any) -> None:
    name = type(classifier).__name__
    supported = (*_LINEAR, *ENSEMBLE_READERS)
    if type(classifier) not in supported:
        names = ", ".join(kind.__name__ for kind in supported)
        raise ExportError(f"{name}: can't be reproduced; supported: {names}")
    if not np.array_equal(classifier.classes_, [0, 1]):
        raise ExportError(f"{name}: expected the two classes 0 and 1")


def _build_linear(classifier: Any, preprocessing: Preprocessing) -> dict[str, Any]:
    if type(classifier) is SGDClassifier and classifier.loss != "log_loss":
        raise ExportError(f"SGDClassifier(loss={classifier.loss!r}): expected log_loss")
    require_imputers(preprocessing, type(classifier).__name__)
    numbers, categories = preprocessing.numbers, preprocessing.categories
    by_feature = sorted(range(len(preprocessing.columns)), key=preprocessing.columns.__getitem__)
    return {
        "numeric_features": [number.name for number in numbers],
        "numeric_imputer_medians": [number.blank for number in numbers],
        "numeric_means": [number.mean for number in numbers],
        "numeric_scales": [number.scale for number in numbers],
        "categorical_features": [category.name for category in categories],
        "categories": [list(category.categories) for category in categories],
        "coef": [classifier.coef_[0, by_feature].tolist()],
        "intercept": classifier.intercept_.tolist(),
    }


def _to_json(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()
