"""A request to paste into a terminal: one typical customer, by the model's schema."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from model.files import read_artifact

if TYPE_CHECKING:
    from inference.scoring.model_types import Feature


def read_sample_body(path: Path) -> str:
    """Return a /predict body for a customer who is all medians and most frequent categories.

    Raises:
        ModelError: the file can't be read, or isn't a model.
    """
    record = {spec["name"]: _typical(spec) for spec in read_artifact(path).features}
    return json.dumps({"records": [record]})


def format_curl(url: str, body: str) -> str:
    """Return the curl command that sends a body to the API at this URL."""
    header = "content-type: application/json"
    return f"curl -s {url}/predict -H {shlex.quote(header)} -d {shlex.quote(body)}"


def _typical(spec: "Feature") -> object:
    if spec["blank"] is not None:
        return spec["blank"]
    if spec["kind"] == "category":
        return next(iter(spec["categories"]), "another")  # where all texts are rare, any will do
    return spec.get("min", 0.0)
