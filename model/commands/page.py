"""`python -m model page`: the page for people, with a model inside, as one file."""

import argparse
from pathlib import Path

from model.files import parse_artifact, read_file, write_file
from model.page.document import build_document
from model.paths import ARTIFACT, BUILD, PAGE_NAME
from model.registry.registry import read_version
from model.registry.registry_options import add_registry_arguments, open_registry

DESCRIPTION = (
    "Writes a page that ranks customers, says why, and plans whom to call, in the browser and with "
    "the model inside: a file to open by double-click, which sends nothing anywhere."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "--model",
        default=str(ARTIFACT),
        metavar="FILE|VERSION|live",
        help=f"a model file, or a published version (default: {ARTIFACT})",
    )
    parser.add_argument("--out", type=Path, default=BUILD, help=f"folder (default: {BUILD})")
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write the page and print where it lies."""
    path = args.out / PAGE_NAME
    write_file(path, build_document(_read_model(args).decode()).encode())
    print(f"Page: {path}")
    return 0


def _read_model(args: argparse.Namespace) -> bytes:
    path = Path(args.model)
    if path.suffix == ".json":
        body = read_file(path)
        parse_artifact(body, path)
        return body
    return read_version(open_registry(args), args.model).body
