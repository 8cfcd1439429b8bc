"""A request to paste into a terminal: one typical customer, by the model's schema."""

import json
import shlex
from pathlib import Path
from typing import Any

from inference.errors import ArtifactError
from inference.scoring.artifact import load_artifact
from model.errors import ModelError


def read_sample_body(path: Path) -> str:
    """Return a /predict body for a customer who is all medians and most frequent categories.

    Raises:
        ModelError: the file can't be read, or isn't a model.
    """
    try:
        features = load_artifact(path.read_bytes()).features
    except OSError as error:
        raise ModelError(f"{path}: can't be read ({error.strerror})") from error
    except ArtifactError as error:
        raise ModelError(f"{path}: {error}") from error
    return json.dumps({"records": [{spec["name"]: _typical(spec) for spec in features}]})


def format_curl(url: str, body: str) -> str:
    """Return the curl command that sends a body to the API at this URL."""
    header = "content-type: application/json"
    return f"curl -s {url}/predict -H {shlex.quote(header)} -d {shlex.quote(body)}"


def _typical(spec: dict[str, Any]) -> object:
    blank = spec.get("blank")
    return spec.get("min", 0.0) if blank is None else blank
