"""`python -m model synthesize`: a CSV of made-up customers, as many as one likes."""

import argparse
from pathlib import Path

from model.console import show_progress
from model.samples.synthetic_csv import MAX_ROWS, SEED, write_csv

DOING = "Making up customers"
DESCRIPTION = "Writes a CSV of made-up customers with the columns of IBM's Telco table."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--rows", type=_row_count, required=True, help="how many, e.g. 1000000")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the CSV to write")
    parser.add_argument(
        "--seed", type=_seed, default=SEED, help=f"other customers for another one (default {SEED})"
    )


def run(args: argparse.Namespace) -> int:
    """Write the file, and say so; a progress bar shows while it is written."""
    with show_progress(args.rows, DOING) as advance:
        for count in write_csv(args.out, args.rows, args.seed):
            advance(count, DOING)
    print(f"{args.out}: {args.rows:,} made-up customers (seed {args.seed})")
    return 0


def _row_count(text: str) -> int:
    rows = _whole_number(text)
    if not 1 <= rows <= MAX_ROWS:
        raise argparse.ArgumentTypeError(f"expected 1 to {MAX_ROWS:,}")
    return rows


def _seed(text: str) -> int:
    seed = _whole_number(text)
    if seed < 0:
        raise argparse.ArgumentTypeError("expected 0 or more")
    return seed


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("expected a whole number") from error
