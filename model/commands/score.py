"""`python -m model score`: a table of any size, scored on this machine."""

import argparse
import json
import sys
from pathlib import Path

from model.bulk.answer_options import add_answer_arguments, read_request
from model.bulk.processes import count_processors
from model.bulk.score_table import score_table
from model.bulk.summary_output import print_summary
from model.errors import ModelError
from model.files import read_file, write_file
from model.paths import ARTIFACT
from model.registry.registry import read_version
from model.registry.registry_options import add_registry_arguments, open_registry

DESCRIPTION = (
    "Scores each customer of a CSV, as POST /predict does, on all processors and in constant "
    "memory. A row that can't be scored says why in its column `error`; if there is one, the exit "
    "status is 1."
)
INTERRUPTED = 130  # as shells say it of Ctrl-C


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "csv", metavar="CSV", type=Path, help="customers; may be gzipped, or - for a pipe"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the answer; gzipped if it ends in .gz",
    )
    parser.add_argument(
        "--model",
        metavar="FILE|VERSION|live",
        help=f"a model file, or a version in the registry (default: {ARTIFACT})",
    )
    parser.add_argument("--summary", type=Path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument(
        "--processes",
        type=int,
        default=count_processors(),
        help="(default: one per processor)",
    )
    add_answer_arguments(parser)
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write the answer, say what it came to, and return 1 where a row couldn't be scored."""
    model = _read_model(args)
    try:
        summary = score_table(model, args.csv, args.out, read_request(args), max(1, args.processes))
    except KeyboardInterrupt:
        print(f"stopped; {args.out} was not written", file=sys.stderr)
        return INTERRUPTED
    if args.summary:
        write_file(args.summary, json.dumps(summary, indent=2).encode())
    print_summary(summary)
    return int(summary["not_scored"] > 0)


def _read_model(args: argparse.Namespace) -> bytes:
    if args.model is None and not ARTIFACT.exists():
        raise ModelError(f"{ARTIFACT}: isn't there; `make train` writes it, or say --model")
    if args.model is None or Path(args.model).is_file():
        return read_file(Path(args.model or ARTIFACT))
    return read_version(open_registry(args), args.model).body
