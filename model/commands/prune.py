"""`python -m model prune`: old versions are deleted, never the live one or a recent one."""

import argparse

from model.console import format_age, format_size, print_json, print_line, print_table
from model.errors import RegistryError
from model.registry.pruning import delete_versions, plan_pruning
from model.registry.registry_options import add_registry_arguments, open_registry

DAYS = 30
DESCRIPTION = (
    "Deletes all but the newest versions. The live one, the one that rollback "
    "would take, and those that the history of the last days mentions always stay."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--keep", type=int, required=True, metavar="N", help="newest to keep")
    parser.add_argument(
        "--days", type=float, default=DAYS, help=f"of history to keep (default: {DAYS})"
    )
    parser.add_argument("--yes", action="store_true", help="delete; without it nothing is deleted")
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print what goes and what stays, and with --yes delete it."""
    if args.keep < 1 or args.days < 0:
        raise RegistryError("--keep takes 1 or more, --days 0 or more")
    registry = open_registry(args)
    plan = plan_pruning(registry, args.keep, args.days)
    gone = [item.version for item in plan if not plan[item]]
    if args.yes:
        delete_versions(registry, gone)
    if args.json:
        kept = {item.version: reason for item, reason in plan.items() if reason}
        print_json({"deleted" if args.yes else "to_delete": gone, "kept": kept})
        return 0
    word = "deleted" if args.yes else "to delete"
    rows = [
        (item.version, format_size(item.size_bytes), format_age(item.published), reason or word)
        for item, reason in plan.items()
    ]
    print_table("Versions", ("version", "size#", "age#", "why it stays"), rows)
    print_line(f"{len(gone)} {word}" + ("" if args.yes or not gone else ": say --yes to do it"))
    return 0
