"""GET /openapi.json: the API's description, with the fields of the model that serves."""

import json
from collections.abc import Callable
from pathlib import Path

from inference.advice.economics import REQUIRED
from inference.errors import ModelUnavailableError
from inference.http_api.request import Request
from inference.http_api.response import Response, json_response
from inference.scoring.artifact import Artifact
from inference.scoring.records import takes_numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

_DOCUMENT = Path(__file__).parents[2] / "openapi.json"
_NUMERIC_TEXT = r"^\s*([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?\s*)?$"  # or blank


def respond(_request: Request, get_model: Callable[[], Artifact]) -> Response:
    """Return the response with the OpenAPI document; 200 without a model too."""
    return json_response(200, describe_api(get_model))


def describe_api(get_model: Callable[[], Artifact]) -> dict:
    """Return the OpenAPI document; without a model a record in it is any object."""
    document: dict = json.loads(_DOCUMENT.read_text("utf-8"))
    try:
        artifact = get_model()
    except ModelUnavailableError:
        return document
    schemas = document["components"]["schemas"]
    schemas["Record"] |= _describe_record(artifact.features)
    _name_changeable(schemas["WhatIfRequest"]["properties"]["fields"], artifact.features)
    _require_figures(schemas["Economics"], artifact.schema.get("economics"))
    return document


def _describe_record(features: "list[Feature]") -> dict:
    return {
        "required": [spec["name"] for spec in features],
        "properties": {spec["name"]: _describe(spec) for spec in features},
        "examples": [{spec["name"]: _choose_example(spec) for spec in features}],
    }


def _name_changeable(fields: dict, features: "list[Feature]") -> None:
    fields["items"] = {"enum": [spec["name"] for spec in features if spec.get("changeable")]}


def _require_figures(economics: dict, default: dict | None) -> None:
    """Say which figures a request must state: those that the model file doesn't."""
    missing = [name for name in REQUIRED if name not in (default or {})]
    if missing:
        _, figures = economics.pop("oneOf")
        economics |= figures | {"required": missing}


def _describe(spec: "Feature") -> dict:
    if spec["kind"] == "number":
        text = {"type": "string"}
        if not {"number_format", "missing"} & spec.keys():  # which no pattern tells
            text["pattern"] = _NUMERIC_TEXT
        forms = [{"type": "number"}, text, {"type": "null"}]
        return {"anyOf": forms, "description": _describe_range(spec)}
    known = ", ".join(f'"{text}"' for text in spec["categories"])
    types = ["string", "null"]
    if takes_numbers(spec):
        types += ["number", "boolean"]
    elif {"true", "false"}.issubset(text.lower() for text in spec["categories"]):
        types.append("boolean")
    others = " All others count as rare ones." if spec.get("rare") else ""
    return {"type": types, "description": f"Categories seen in training: {known}.{others}"}


def _describe_range(spec: "Feature") -> str:
    blank = spec["blank"]
    treatment = "stays missing" if blank is None else f"becomes {blank!r}"
    if spec.get("min") is None:
        return f"A blank {treatment}."
    return f"Seen in training: {spec['min']!r} to {spec['max']!r}. A blank {treatment}."


def _choose_example(spec: "Feature") -> object:
    if spec["kind"] == "category":
        return next(iter(spec["categories"]), "another")  # where all texts are rare, any will do
    return spec["blank"] if spec.get("min") is None else spec["min"]
