"""`python -m model versions`: every published version, which one is live, and how good each is."""

import argparse
from typing import Any

from model.console import format_age, format_size, print_json, print_line, print_table
from model.outcomes.ledger import Look, get_proof, read_last_looks
from model.registry.registry import (
    Model,
    VersionObject,
    find_shadow,
    list_versions,
    read_live,
    read_versions,
)
from model.registry.registry_options import add_registry_arguments, open_registry

HASH_DIGITS = 12
COLUMNS = (
    "",
    "version",
    "model",
    "AUC#",
    "came true#",
    "Brier#",
    "size#",
    "rows#",
    "data",
    "sha256",
    "age#",
    "page",
)
DESCRIPTION = (
    "Lists the published versions, the newest first; live one and shadow are marked. Beside the "
    "AUC on held-out customers stands the one that came true, where `outcomes` was told what "
    "became of scored customers."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the versions."""
    registry = open_registry(args)
    live, shadow = read_live(registry), find_shadow(registry)
    listed = {item.version: item for item in list_versions(registry)}
    models = read_versions(registry, list(listed))
    looks = read_last_looks(registry.bucket)
    facts = [
        _facts(model, listed[model.version], live, shadow, looks.get(model.version))
        for model in models
    ]
    if args.json:
        print_json({"live": live.version if live else None, "versions": facts})
        return 0
    print_table(f"Versions in {registry.bucket.name}", COLUMNS, map(_row, facts, models))
    if live is None:
        print_line("No model is live.")
    elif live.version not in listed:
        print_line(f"Live: {live.version}, put there by other means than publish.")
    return 0


def _facts(
    model: Model, item: VersionObject, live: Model | None, shadow: str | None, look: Look | None
) -> dict[str, Any]:
    meta = model.artifact.meta if model.artifact else {}
    return {
        "version": model.version,
        "live": live is not None and live.version == model.version,
        "shadow": shadow == model.version,
        "model": meta.get("served"),
        "metrics": meta.get("metrics") or {},
        "outcomes": look,
        "size_bytes": item.size_bytes,
        "data": meta.get("data") or {},
        "published": item.published.isoformat(),
        "age": format_age(item.published),
        "page": item.has_page,
        "problem": model.problem or None,
    }


def _row(facts: dict[str, Any], model: Model) -> tuple[Any, ...]:
    data, metrics = facts["data"], facts["metrics"]
    rows = f"{data['rows']:,}" if "rows" in data else None
    return (
        "live" if facts["live"] else "shadow" if facts["shadow"] else "",
        model.version,
        model.problem or facts["model"],
        metrics.get("auc"),
        get_proof(facts["outcomes"])["auc"]["value"] if facts["outcomes"] else None,
        metrics.get("brier"),
        format_size(facts["size_bytes"]),
        rows,
        data.get("name", "-") + (" (made up)" if data.get("synthetic") else ""),
        data.get("sha256", "-")[:HASH_DIGITS],
        facts["age"],
        "yes" if facts["page"] else "-",
    )
