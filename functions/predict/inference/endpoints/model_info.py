"""GET /model: what a caller has to know of the model that serves, and of its customers today."""

from collections.abc import Callable

from inference.http_api.request import Request
from inference.http_api.response import Response, json_response
from inference.scoring.artifact import Artifact

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.monitoring.last_state import LastState

_FACTS = ("served", "final_choice", "trained_at", "metrics")  # of training_meta, for everyone


def respond(
    _request: Request,
    get_model: Callable[[], Artifact],
    open_state: "Callable[[], LastState]",
) -> Response:
    """Return the response that describes the model, and what the monitor found last of it.

    Raises:
        ModelUnavailableError: there is none.
    """
    artifact = get_model()
    monitoring = open_state().tell(artifact.version)
    return json_response(200, describe_model(artifact) | {"monitoring": monitoring})


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
