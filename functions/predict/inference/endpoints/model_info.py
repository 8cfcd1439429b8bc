"""GET /model: what a caller has to know of the model that serves."""

from inference.scoring.artifact import Artifact

_FACTS = ("served", "final_choice", "trained_at", "metrics")  # of training_meta, for everyone


def describe_model(artifact: Artifact) -> dict:
    """Return the fields to send, the threshold, and how good the model is."""
    description = {
        "version": artifact.version,
        "kind": artifact.kind,
        "target": artifact.schema.get("target"),
        "labels": artifact.labels,
        "threshold": artifact.threshold,
        "id": artifact.id_column,
        "features": artifact.features,
    }
    if "economics" in artifact.schema:
        description["economics"] = artifact.schema["economics"]
    return description | {name: artifact.meta[name] for name in _FACTS if name in artifact.meta}
