"""`python -m model publish`: a model file becomes a version, and goes live if the gate lets it."""

import argparse
import sys
from pathlib import Path

from model.console import print_json, print_line, print_warning
from model.errors import RegistryError
from model.files import read_file
from model.page.document import build_document
from model.paths import ARTIFACT, REPORT_NAME
from model.registry.attachments import write_page
from model.registry.registry import Model, Registry, read_candidate
from model.registry.registry_options import (
    add_gate_arguments,
    add_history_arguments,
    add_registry_arguments,
    open_registry,
    read_terms,
)
from model.registry.release import Release, promote, store
from model.registry.release_output import print_release
from model.report.file import read_report_version

DESCRIPTION = (
    "Stores a model file, and a page with it, as a version that is never rewritten, asks the gate "
    "whether it may go live (parity, schema, no worse than the live model), and makes it live."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "file", type=Path, nargs="?", default=ARTIFACT, help=f"model file (default: {ARTIFACT})"
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="HTML",
        help=f"store it beside the version (default: {REPORT_NAME} beside the file, if it is its)",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--no-promote", action="store_true", help="store it only")
    place.add_argument(
        "--shadow",
        action="store_true",
        help="store it, and have it score a sample of the traffic unseen beside the live model",
    )
    add_gate_arguments(parser)
    add_history_arguments(parser)
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Store the file, promote it, and print what came of it."""
    body = read_file(args.file)
    registry, terms = open_registry(args), read_terms(args)
    model = store(registry, body, _find_report(args, body))
    write_page(registry, model.version, build_document(body.decode()).encode())
    release = Release(model.version, None, None, None)
    if args.shadow:
        return _start_shadow(registry, model, as_json=args.json)
    if not args.no_promote:
        release = promote(registry, model, terms, "publish")
    print_release(release, as_json=args.json)
    return 0


def _start_shadow(registry: Registry, model: Model, *, as_json: bool) -> int:
    from model.shadow.slot import start_shadow  # needs numpy and scikit-learn, as the gate does

    changes = start_shadow(registry, model)
    if as_json:
        print_json({"shadow": model.version, "schema_changes": changes})
        return 0
    for change in changes:
        print_warning(f"note: {change}")
    print_line(f"SHADOW: {model.version}; `python -m model shadow` says what would change")
    return 0


def _find_report(args: argparse.Namespace, body: bytes) -> bytes | None:
    path = args.report or args.file.with_name(REPORT_NAME)
    if not args.report and not path.is_file():
        return None
    html, version = read_file(path), read_candidate(body).version
    if read_report_version(html) == version:
        return html
    problem = f"{path}: isn't the report on {version}"
    if args.report:
        raise RegistryError(problem)
    print(f"note: {problem}; not stored", file=sys.stderr)  # one that an older training left
    return None
