"""`python -m model diff`: what sets two versions apart, and how their answers differ."""

import argparse
from pathlib import Path
from typing import Any

from inference.scoring.artifact import Artifact
from model.console import print_json, print_line, print_table
from model.errors import RegistryError
from model.reading.files import name_files
from model.registry.registry import Model, read_version
from model.registry.registry_options import add_registry_arguments, open_registry
from model.registry.version_diff import compare_answers, describe_differences
from model.table.columns import csv_path
from model.verify.customers import read_customers

DESCRIPTION = (
    "Lists what differs between two versions: schema, threshold, metrics, data, "
    "settings; with a table at hand also how their answers differ."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("a", help="a version, as much of it as only it has, or `live`")
    parser.add_argument("b", help="the other one")
    parser.add_argument(
        "--data",
        dest="csv",
        type=Path,
        metavar="CSV",
        help="customers to ask both about (default: TELCO_CSV)",
    )
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the differences."""
    registry = open_registry(args)
    a, b = (_load(read_version(registry, text)) for text in (args.a, args.b))
    differences = describe_differences(a, b)
    csv = csv_path(args)
    answers = compare_answers(a, b, read_customers(b, csv)) if csv else None
    if args.json:
        print_json({"differences": differences, "answers": answers})
        return 0
    if differences:
        rows = [tuple(item.values()) for item in differences]
        print_table("Differences", ("section", "what", a.version, b.version), rows)
    else:
        print_line("No differences.")
    if csv and answers:
        title = f"Answers about the customers of {name_files(csv)}"
        print_table(title, ("what", "value#"), _rows(answers))
    return 0


def _load(model: Model) -> Artifact:
    if model.artifact is None:
        raise RegistryError(f"version {model.version}: can't be loaded: {model.problem}")
    return model.artifact


def _rows(answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("customers", f"{answers['customers']:,}"),
        ("mean change of the probability", f"{answers['mean_change']:.6f}"),
        ("largest change", f"{answers['largest_change']:.6f}"),
        ("labels that change", f"{answers['labels_changed']:,}"),
        ("labelled as leaving, before", f"{answers['labelled_a']:,}"),
        ("labelled as leaving, after", f"{answers['labelled_b']:,}"),
    ]
