"""`python -m model show`: all that a version says of itself."""

import argparse
from typing import TYPE_CHECKING, Any

from inference.monitoring.state import STATE_KEY, read_state, tell_version
from model.console import format_size, print_json, print_table
from model.errors import RegistryError
from model.outcomes.ledger import read_looks
from model.outcomes.look_output import print_series
from model.registry.attachments import find_page
from model.registry.bucket import read_object
from model.registry.registry import Registry, read_version
from model.registry.registry_options import add_registry_arguments, open_registry
from model.registry.version_diff import flatten_meta

if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

DESCRIPTION = "Describes a published version: training, metrics, outcomes, drift, data, features."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("version", help="a version, as much of it as only it has, or `live`")
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the version's description."""
    registry = open_registry(args)
    model = read_version(registry, args.version)
    if model.artifact is None:
        raise RegistryError(f"version {model.version}: can't be loaded: {model.problem}")
    meta, schema = model.artifact.meta, model.artifact.schema
    looks = read_looks(registry.bucket, model.version)
    page = find_page(registry, model.version)
    monitoring = _read_monitoring(registry, model.version)
    if args.json:
        said = {"version": model.version, "training_meta": meta, "schema": schema}
        print_json(said | {"outcomes": looks, "page": page, "monitoring": monitoring})
        return 0
    rows = [("kind", model.artifact.kind), ("size", format_size(len(model.body)))]
    rows += [("page", page or "-"), ("monitor", _describe(monitoring))]
    rows += [(key, str(value)) for key, value in schema.items() if key != "features"]
    print_table(f"Version {model.version}", ("what", "value"), [*rows, *flatten_meta(meta).items()])
    print_series(looks)
    board = meta.get("model_leaderboard") or []
    if board:
        print_table(
            "Leaderboard",
            ("model", "AUC#"),
            [(entry["name"], entry.get("auc")) for entry in board],
        )
    features = [
        (spec["name"], spec["kind"], _range(spec), str(spec["blank"]))
        for spec in schema["features"]
    ]
    print_table("Features", ("feature", "kind", "values in training", "blank becomes"), features)
    return 0


def _read_monitoring(registry: Registry, version: str) -> dict[str, Any] | None:
    """Return what the monitor found last of a version; None where it hasn't run yet.

    Raises:
        RegistryError: what it left is damaged.
    """
    found = read_object(registry.bucket, STATE_KEY)
    if found is None:
        return None
    try:
        return tell_version(read_state(found.body), version)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise RegistryError(f"{STATE_KEY}: is no state of the monitor") from error


def _describe(monitoring: dict[str, Any] | None) -> str:
    if monitoring is None:
        return "-"
    verdict = monitoring["verdict"].replace("_", " ")
    names = ", ".join(field["name"] for field in monitoring["fields"])
    told = f"{verdict} ({names})" if names else verdict
    return f"{monitoring['day']}: {told}, {monitoring['customers']:,} customers"


def _range(spec: "Feature") -> str:
    if spec["kind"] == "category":
        return ", ".join(spec["categories"])
    return f"{spec['min']:g} to {spec['max']:g}" if spec.get("min") is not None else "-"
