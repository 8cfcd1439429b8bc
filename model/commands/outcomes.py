"""`python -m model outcomes`: what became of scored customers, beside what was promised."""

import argparse
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from inference.scoring.artifact import Artifact
from model.console import print_json, print_line
from model.errors import DataError, ModelError
from model.files import parse_artifact, read_artifact, read_file
from model.paths import ARTIFACT, BUILD
from model.registry.registry import read_version
from model.registry.registry_options import add_registry_arguments, open_registry

DESCRIPTION = (
    "Joins the answer of `score` or of a bulk run with what became of the customers, and says how "
    "good the scores were: AUC, calibration, lift and profit, with 95 % intervals, beside what "
    "training promised. Keeps aggregates only, per version and period: in the bucket if one is "
    f"said, else below {BUILD}/."
)
PERIOD = re.compile(r"\d{4}(-\d{2}){0,2}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "--scored", type=Path, required=True, metavar="FILE", help="what `score` or `bulk` wrote"
    )
    parser.add_argument(
        "--truth", type=Path, required=True, metavar="FILE", help="id and outcome of each customer"
    )
    parser.add_argument(
        "--summary", type=Path, metavar="FILE", help="of the run that scored: says by which model"
    )
    parser.add_argument(
        "--model", metavar="FILE|VERSION|live", help="which model scored, without a summary"
    )
    parser.add_argument(
        "--treated", metavar="COLUMN", help="of --truth: yes where an offer was made, else no"
    )
    parser.add_argument("--id", metavar="COLUMN", help="of --truth (default: as the model has it)")
    parser.add_argument("--target", metavar="COLUMN", help="of --truth (default: likewise)")
    parser.add_argument("--positive", metavar="VALUE", help="the outcome that means churn")
    parser.add_argument(
        "--economics",
        metavar="VALUE,COST,SUCCESS",
        help="of an offer, such as 600,50,0.3 (default: as the model's file has them)",
    )
    parser.add_argument(
        "--period",
        type=_period,
        default=f"{datetime.now(UTC):%Y-%m}",
        metavar="YYYY[-MM[-DD]]",
        help="in which the scores were used (default: this month)",
    )
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print what came true, and keep it."""
    # here, because they need pandas and scikit-learn, which a list of commands doesn't
    from model.evaluation.decision_threshold import parse_economics
    from model.outcomes.evaluation import evaluate
    from model.outcomes.joining import join_outcomes
    from model.outcomes.ledger import keep_in_bucket, keep_in_folder
    from model.outcomes.look_output import print_look
    from model.outcomes.reading import Columns
    from model.reading.files import read_table

    artifact = _find_model(args)
    try:
        economics = parse_economics(args.economics) if args.economics else None
    except ValueError as error:
        raise ModelError(f"--economics: {error}") from error
    columns = Columns(args.id, args.target, args.positive, args.treated)
    scored, truth = read_table(args.scored), read_table(args.truth)
    customers, counts = join_outcomes(scored, truth, artifact, columns)
    look = evaluate(customers, counts, artifact, args.period, economics)
    if args.json:
        print_json(look)
    else:
        print_look(look)
    if _has_bucket(args):
        place = keep_in_bucket(open_registry(args).bucket, look)
    else:
        place = keep_in_folder(BUILD, look)
    if not args.json:
        print_line(f"Kept: {place}")
    return 0


def _find_model(args: argparse.Namespace) -> Artifact:
    """Return the model that scored: a file, a version in the registry, or the one in BUILD."""
    version = _read_version(args.summary) if args.summary else None
    said = args.model or version
    if said is None:
        raise ModelError("which model scored? say --summary FILE of its run, or --model")
    artifact = _load_model(args, said)
    if version not in (None, artifact.version):
        raise ModelError(f"{args.summary}: was scored by {version}, not by {artifact.version}")
    return artifact


def _load_model(args: argparse.Namespace, said: str) -> Artifact:
    if Path(said).is_file():
        return read_artifact(Path(said))
    if not _has_bucket(args) and ARTIFACT.is_file():
        artifact = read_artifact(ARTIFACT)
        if artifact.version == said:
            return artifact
    model = read_version(open_registry(args), said)
    return parse_artifact(model.body, Path(model.version))


def _has_bucket(args: argparse.Namespace) -> bool:
    return bool(args.bucket or os.environ.get("MODEL_BUCKET"))


def _read_version(path: Path) -> str:
    try:
        return str(json.loads(read_file(path))["model_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: isn't the summary of a run that scored") from error


def _period(text: str) -> str:
    if not PERIOD.fullmatch(text):
        raise argparse.ArgumentTypeError("expected a year, a month or a day: 2026-11")
    return text
