"""`python -m model history`: who put which version live, when and why."""

import argparse
from typing import Any

from model.console import print_json, print_table
from model.registry.history import read_history
from model.registry.registry_options import add_registry_arguments, open_registry

COLUMNS = ("when", "action", "from", "to", "by", "why")
DESCRIPTION = "Lists every change of the live model, the newest first."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the changes."""
    registry = open_registry(args)
    entries = read_history(registry)[::-1]
    if args.json:
        print_json(entries)
    else:
        print_table(f"History of {registry.bucket.name}", COLUMNS, map(_row, entries))
    return 0


def _row(entry: dict[str, Any]) -> tuple[Any, ...]:
    forced = " (forced)" if entry["forced"] else ""
    return (
        entry["when"][:19].replace("T", " "),
        entry["action"] + forced,
        entry["from"],
        entry["to"],
        entry["by"],
        entry["why"],
    )
