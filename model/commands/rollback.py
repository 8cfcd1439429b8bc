"""`python -m model rollback`: the version that was live before goes live again, at once."""

import argparse

from model.registry.registry_options import (
    add_history_arguments,
    add_registry_arguments,
    open_registry,
    read_terms,
)
from model.registry.release import roll_back
from model.registry.release_output import print_release

DESCRIPTION = (
    "Makes the version live again that was live before the live one, by the "
    "history. The gate isn't asked."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--to", metavar="VERSION", help="this version instead")
    add_history_arguments(parser)
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Roll back, and print what came of it."""
    release = roll_back(open_registry(args), read_terms(args), args.to)
    print_release(release, as_json=args.json)
    return 0
