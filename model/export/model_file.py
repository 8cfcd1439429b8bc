"""A fitted pipeline, or a blend of several, becomes a model file; docs/artifact.md describes it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from inference.scoring.artifact import FORMAT_VERSION
from model.errors import ExportError
from model.export.classifiers import is_linear
from model.export.companions import find_companions
from model.export.export_linear import build_linear, build_linear_term
from model.export.export_trees import build_trees
from model.export.members import Features, Member, read_members, share_features
from model.export.schema import build_feature_means, build_features
from model.fitting.blend import Blend
from model.table.dataset import Dataset

MAX_SIZE_BYTES = 5_000_000  # what a cold start can fetch and parse within its time-out


def build_artifact(  # noqa: PLR0913 - what the user may set, each by name
    model: Pipeline | Blend,
    dataset: Dataset,
    train_rows: Sequence[int] | np.ndarray,
    *,
    threshold: float = 0.5,
    changeable: Sequence[str] | None = None,
    economics: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Return the model file's `artifact` and `schema`, and for a linear model `feature_means`.

    Args:
        model: ColumnTransformer and classifier, fitted; or several, blended.
        dataset: the table it was fitted on a part of.
        train_rows: positions of that part; ranges and means describe it.
        threshold: probability from which the label is the positive one.
        changeable: features that what-if may change; None means every category whose name
            doesn't sound like a fact about a person.
        economics: default `value`, `cost` and `success` of a retention offer.

    Raises:
        ExportError: names what couldn't be reproduced exactly.
    """
    members = read_members(model, dataset)
    features = share_features(members, (*dataset.numeric, *dataset.categorical))
    payload: dict[str, Any] = {}
    if _is_plain_linear(model, members):
        preprocessing = members[0].preprocessing
        payload["artifact"] = build_linear(members[0].classifier, preprocessing)
        payload["feature_means"] = build_feature_means(preprocessing, dataset, train_rows)
    else:
        payload["artifact"] = _build_terms(model, members, features, dataset, train_rows)
    payload["schema"] = {
        "target": dataset.target_name,
        "labels": list(dataset.labels),
        "threshold": threshold,
        "id": dataset.id_column,
        "features": build_features(features, dataset, train_rows, changeable),
    }
    frame = dataset.frame.iloc[np.asarray(train_rows)]
    if companions := find_companions(payload["schema"]["features"], frame):
        payload["schema"]["companions"] = companions
    if economics:
        payload["schema"]["economics"] = economics
    return payload


def serialize(payload: dict[str, Any], meta: dict[str, Any]) -> bytes:
    """Return the model file: compact JSON whose numbers read back bit for bit.

    Args:
        payload: what `build_artifact` returned; a `reference` may stand beside it.
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
        **({"reference": payload["reference"]} if "reference" in payload else {}),
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


def _is_plain_linear(model: Pipeline | Blend, members: list[Member]) -> bool:
    """Return whether the first version's form can hold the model: it knows no rare categories."""
    (member, *others) = members
    is_single = not others and not isinstance(model, Blend)
    categories = member.preprocessing.categories
    has_own_columns = all(
        category.columns == tuple(range(len(category.categories))) for category in categories
    )
    has_rare = any(category.others is not None for category in categories)
    return is_single and is_linear(member.classifier) and has_own_columns and not has_rare


def _build_terms(
    model: Pipeline | Blend,
    members: list[Member],
    features: Features,
    dataset: Dataset,
    train_rows: Sequence[int] | np.ndarray,
) -> dict[str, Any]:
    """Return trees where that is all there is, else the sum of a linear term and trees."""
    linear = [member for member in members if is_linear(member.classifier)]
    with_trees = [member for member in members if not is_linear(member.classifier)]
    terms = []
    if linear:
        terms.append(build_linear_term(linear, features, dataset, train_rows))
    if with_trees:
        terms.append(build_trees(with_trees, features))
    scale, shift = (model.scale, model.shift) if isinstance(model, Blend) else (1.0, 0.0)
    if not linear and (scale, shift) == (1.0, 0.0):
        return terms[0]
    if any(term.pop("link", "logit") != "logit" for term in terms):
        raise ExportError("Blend: expected members that have log-odds")
    return {"kind": "sum", "scale": scale, "shift": shift, "terms": terms}


def _to_json(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()
