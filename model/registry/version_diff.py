"""What sets two versions apart: schema, threshold, metrics, data, settings, and their answers."""

from typing import Any

import numpy as np

from inference.scoring.artifact import Artifact
from inference.scoring.batch import score_records
from model.errors import RegistryError

Difference = dict[str, Any]  # section, what, a, b; None where a version has no such thing

# Long, or other in any two versions.
_LEFT_OUT = ("feature_means", "model_leaderboard", "version", "parity")


def describe_differences(a: Artifact, b: Artifact) -> list[Difference]:
    """Return what differs in two versions' descriptions, schema first."""
    sections = {
        "schema": (_flatten_schema(a.schema), _flatten_schema(b.schema)),
        "model": ({"kind": a.kind}, {"kind": b.kind}),
        "training": (flatten_meta(a.meta), flatten_meta(b.meta)),
        "leaderboard": (_leaderboard(a.meta), _leaderboard(b.meta)),
    }
    return [
        {"section": section, "what": what, "a": old.get(what), "b": new.get(what)}
        for section, (old, new) in sections.items()
        for what in old | new
        if old.get(what) != new.get(what)
    ]


def compare_answers(a: Artifact, b: Artifact, records: list[dict[Any, Any]]) -> dict[str, Any]:
    """Return how two versions' answers about the same customers differ.

    Raises:
        RegistryError: one of them can't score the customers.
    """
    batches = [score_records(model, records) for model in (a, b)]
    for model, batch in zip((a, b), batches, strict=True):
        if batch.errors:
            _, field, message = batch.errors[0]
            raise RegistryError(f"{model.version} can't score these customers: {field}: {message}")
    old, new = (np.array(batch.predictions, dtype=float) for batch in batches)
    labels = [np.array(batch.labels, dtype=int) for batch in batches]
    change = np.abs(new - old)
    return {
        "customers": len(records),
        "mean_change": float(change.mean()),
        "largest_change": float(change.max()),
        "labels_changed": int((labels[0] != labels[1]).sum()),
        "labelled_a": int(labels[0].sum()),
        "labelled_b": int(labels[1].sum()),
    }


def flatten_meta(meta: dict[str, Any]) -> dict[str, Any]:
    """Return what a model file says of its training: dotted name -> value."""
    return _flatten({key: value for key, value in meta.items() if key not in _LEFT_OUT})


def _flatten_schema(schema: dict[str, Any]) -> dict[str, Any]:
    features = {spec["name"]: _describe(spec) for spec in schema["features"]}
    return _flatten({key: value for key, value in schema.items() if key != "features"}) | features


def _describe(spec: dict[str, Any]) -> str:
    blank = f"blank {spec['blank']}"
    if spec["kind"] == "category":
        text = f"category of {', '.join(spec['categories'])}; {blank}"
    else:
        text = f"number from {spec.get('min')} to {spec.get('max')}; {blank}"
    return text + ("; changeable" if spec.get("changeable") else "")


def _leaderboard(meta: dict[str, Any]) -> dict[str, Any]:
    return {entry["name"]: entry.get("auc") for entry in meta.get("model_leaderboard") or []}


def _flatten(value: dict[str, Any], path: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat |= _flatten(item, f"{path}{key}.")
        else:
            flat[path + key] = ", ".join(map(str, item)) if isinstance(item, list) else item
    return flat
