"""`python -m model train`: from a CSV to a leaderboard and the winner's model file."""

import argparse
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from model.competition.leaderboard import count_fits, require_customers
from model.competition.leaderboard_output import print_choice, print_leaderboard, to_rows
from model.competition.serving import MAX_KB, MAX_US
from model.console import print_warning, show_progress
from model.evaluation.decision_threshold import RULES, parse_economics
from model.evaluation.folds import FOLDS, split_dataset
from model.fitting.candidates import build_candidates
from model.fitting.own_pipelines import load_pipelines
from model.inspection.findings import Findings, inspect
from model.paths import BUILD
from model.search.families import list_families
from model.search.search import DEFAULT_BUDGET_S, plan_trials, search_candidates
from model.search.trials import Trial
from model.table.columns import add_column_arguments, add_csv_argument, column_options, csv_path
from model.table.dataset import Dataset, load_dataset
from model.training.choices import Choices, check_choices
from model.training.train import Training, train, write_results

DESCRIPTION = (
    "Ranks models by cross-validation, reports them on held-out customers, and "
    "writes the leaderboard, the model file that the function serves, and a report on it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    add_csv_argument(parser)
    parser.add_argument("--serve", metavar="NAME", help="export this candidate, not the winner")
    _add_search_arguments(parser)
    _add_decision_arguments(parser)
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
        max_us=args.max_us,
        max_kb=args.max_kb,
    )
    dataset = load_dataset(csv_path(args), options=options)
    training = _train_with_progress(dataset, choices, args.budget, args.pipeline)
    print_leaderboard(training.leaderboard, is_synthetic=dataset.is_synthetic)
    print_choice(
        training.winner,
        training.served,
        training.why,
        training.threshold,
        is_synthetic=dataset.is_synthetic,
    )
    for note in training.notes:
        print(f"note: {note}")
    for path in write_results(training, args.out, is_synthetic=dataset.is_synthetic):
        print(f"Written: {path} ({path.stat().st_size:,} bytes)")
    if not args.no_report:
        print(f"Report: {_write_report(training, dataset, args.out)}")
    return 0


def _add_search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--budget",
        type=_budget,
        default=DEFAULT_BUDGET_S,
        metavar="SECONDS",
        help="how long to search for boosting's settings (default: %(default)g; 0 for no search) "
        "on two processors with nothing else to do: how many are tried depends on the table; "
        "Ctrl-C ends the search, and training goes on with what was found",
    )
    parser.add_argument(
        "--max-us",
        type=float,
        default=MAX_US,
        metavar="MICROSECONDS",
        help="what an answer of the model that serves may take, counted from the model "
        "(default: %(default)g)",
    )
    parser.add_argument(
        "--max-kb",
        type=float,
        default=MAX_KB,
        metavar="KILOBYTES",
        help="what its file may weigh (default: %(default)g)",
    )
    parser.add_argument(
        "--pipeline",
        metavar="MODULE:FUNCTION",
        action="append",
        default=[],
        help="candidates of your own: a function that takes the names of the numeric and of the "
        "categorical columns and returns a dict of unfitted scikit-learn pipelines; repeatable",
    )


def _add_decision_arguments(parser: argparse.ArgumentParser) -> None:
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


def _look_at(dataset: Dataset) -> Findings:
    """Return what is odd about a table, and print it before anything is learned from it."""
    require_customers(dataset)
    train_rows, _ = split_dataset(dataset)
    findings = inspect(dataset, train_rows)
    for line in findings.lines():
        print(f"note: {line}")
    for warning in findings.warnings():
        print_warning(warning)
    return findings


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


def _budget(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError("expected seconds, 0 or more")
    return seconds


def _train_with_progress(
    dataset: Dataset, choices: Choices, budget_s: float, references: list[str]
) -> Training:
    candidates = build_candidates(dataset.numeric, dataset.categorical, dataset.grouped)
    for reference in references:
        candidates |= load_pipelines(reference, dataset, candidates)
    planned = plan_trials(dataset, budget_s)
    searched = [family.name for family in list_families()[0]] if planned else []
    check_choices(choices, dataset, [*dict.fromkeys([*candidates, *searched])])
    findings = _look_at(dataset)
    with show_progress(planned * FOLDS, "Searching") as advance:
        found = search_candidates(dataset, planned, budget_s, partial(_show_search, advance))
    for note in found.notes:
        print(f"note: {note}")
    candidates |= found.candidates
    with show_progress(count_fits(dataset, candidates), "Ranking") as advance:
        show = partial(_show_ranking, advance)
        return train(dataset, candidates, choices, show, findings, search=found)


def _show_ranking(advance: Callable[[int, str], None], name: str) -> None:
    advance(1, f"Ranking: {name}")


def _show_search(advance: Callable[[int, str], None], trying: str, best: Trial | None) -> None:
    found = f"; best so far {best.family.name}, AUC {best.auc:.4f}" if best else ""
    advance(1, f"Searching: {trying}{found}")
