"""`python -m model promote`: a published version goes live, if the gate lets it."""

import argparse
from dataclasses import replace

from model.registry.registry import find_shadow, read_live, read_version
from model.registry.registry_options import (
    add_gate_arguments,
    add_history_arguments,
    add_registry_arguments,
    open_registry,
    read_terms,
)
from model.registry.release import promote
from model.registry.release_output import print_release
from model.shadow.evidence import read_evidence
from model.shadow.slot import end_shadow

DESCRIPTION = (
    "Makes a published version the live one, after the same gate as publish. What `shadow` kept "
    "of its time beside the live model is taken as evidence; its time as the shadow ends."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("version", help="a version, or as much of it as only it has")
    add_gate_arguments(parser)
    add_history_arguments(parser)
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Promote the version, and print what came of it."""
    registry = open_registry(args)
    model, live = read_version(registry, args.version), read_live(registry)
    evidence = read_evidence(registry.bucket, model.version, live.version) if live else None
    terms = replace(read_terms(args), shadow=evidence)
    release = promote(registry, model, terms)
    if release.is_live and find_shadow(registry) == model.version:
        end_shadow(registry)
    print_release(release, as_json=args.json)
    return 0
