"""`python -m model train`: from a CSV to a leaderboard and the winner's model file."""

import argparse
from functools import partial
from pathlib import Path

from model.console import print_warning, show_progress
from model.inspection.findings import Findings
from model.paths import BUILD
from model.table.columns import add_column_arguments, add_csv_argument, column_options, csv_path
from model.table.dataset import Dataset, load_dataset
from model.training.candidates import build_candidates
from model.training.decision_threshold import RULES, parse_economics
from model.training.leaderboard import count_fits
from model.training.leaderboard_output import print_choice, print_leaderboard, to_rows
from model.training.train import Choices, Training, train, write_results

DESCRIPTION = (
    "Ranks models by cross-validation, reports them on held-out customers, and "
    "writes the leaderboard, the model file that the function serves, and a report on it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    add_csv_argument(parser)
    parser.add_argument("--serve", metavar="NAME", help="export this candidate, not the winner")
    parser.add_argument(
        "--threshold",
        choices=RULES,
        default="0.5",
        help="probability from which a customer counts as leaving: 0.5 (default), or the best "
        "for F1 or for profit, by cross-validation",
    )
    parser.add_argument(
        "--economics",
        type=_economics,
        metavar="VALUE,COST,SUCCESS",
        help="what a kept customer is worth, what an offer costs, how often it works: 600,50,0.3",
    )
    parser.add_argument(
        "--changeable",
        metavar="COLUMN",
        action="append",
        help="a feature that an offer may change; repeatable (default: the categories, without "
        "facts about a person)",
    )
    parser.add_argument("--no-report", action="store_true", help="draw no report")
    parser.add_argument("--out", type=Path, default=BUILD, help=f"folder (default: {BUILD})")
    add_column_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Train, print the leaderboard and the choice, and write the files."""
    options = column_options(args)
    choices = Choices(
        serve=args.serve,
        threshold=args.threshold,
        economics=args.economics,
        changeable=None if args.changeable is None else tuple(args.changeable),
        blanks=options.blanks,
    )
    dataset = load_dataset(csv_path(args), options=options)
    training = _train_with_progress(dataset, choices)
    _print_findings(training.findings)
    print_leaderboard(training.leaderboard, is_synthetic=dataset.is_synthetic)
    print_choice(
        training.winner, training.served, training.threshold, is_synthetic=dataset.is_synthetic
    )
    for path in write_results(training, args.out, is_synthetic=dataset.is_synthetic):
        print(f"Written: {path} ({path.stat().st_size:,} bytes)")
    if not args.no_report:
        print(f"Report: {_write_report(training, dataset, args.out)}")
    return 0


def _print_findings(findings: Findings) -> None:
    for line in findings.lines():
        print(f"note: {line}")
    for warning in findings.warnings():
        print_warning(warning)


def _write_report(training: Training, dataset: Dataset, out: Path) -> Path:
    # here, because drawing needs libraries that take a second to load
    from model.report.build import build_report, write_report

    rows = to_rows(training.leaderboard, is_synthetic=dataset.is_synthetic)
    return write_report(build_report(training.body, dataset, rows), out)


def _economics(text: str) -> dict[str, float]:
    try:
        return parse_economics(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _train_with_progress(dataset: Dataset, choices: Choices) -> Training:
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    with show_progress(count_fits(dataset, candidates), "Training") as advance:
        return train(dataset, candidates, choices, partial(advance, 1))
