"""`python -m model promote`: a published version goes live, if the gate lets it."""

import argparse

from model.registry.registry import read_version
from model.registry.registry_options import (
    add_gate_arguments,
    add_history_arguments,
    add_registry_arguments,
    open_registry,
    read_terms,
)
from model.registry.release import promote
from model.registry.release_output import print_release

DESCRIPTION = "Makes a published version the live one, after the same gate as publish."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("version", help="a version, or as much of it as only it has")
    add_gate_arguments(parser)
    add_history_arguments(parser)
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Promote the version, and print what came of it."""
    registry, terms = open_registry(args), read_terms(args)
    release = promote(registry, read_version(registry, args.version), terms)
    print_release(release, as_json=args.json)
    return 0
