"""`python -m model report`: the page and plots of a trained model, without training it again."""

import argparse
import json
from pathlib import Path
from typing import Any

from inference.scoring.artifact import Artifact
from model.errors import ModelError
from model.files import parse_artifact, read_file
from model.outcomes.ledger import Look, read_looks, read_looks_of_folder
from model.paths import BUILD, LEADERBOARD_NAME, MODEL_NAME
from model.registry.bucket import open_bucket
from model.registry.holdout import find_dataset
from model.table.columns import add_csv_argument, csv_path

_DIGITS = 1e-5  # the model file rounds its leaderboard's figures to six
DESCRIPTION = (
    "Draws the report on the model that `train` left in a folder, from its file, "
    "its leaderboard and the table that it learned from. `train` does so by itself."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    add_csv_argument(parser)
    parser.add_argument("--out", type=Path, default=BUILD, help=f"folder (default: {BUILD})")
    parser.add_argument(
        "--bucket", help="whose outcomes the report tells (default: those kept in the folder)"
    )


def run(args: argparse.Namespace) -> int:
    """Draw the report and print where it lies."""
    path = args.out / MODEL_NAME
    body = read_file(path)
    artifact = parse_artifact(body, path)
    _check_training(artifact, path)
    leaderboard = _read_leaderboard(args.out / LEADERBOARD_NAME, artifact)
    dataset = find_dataset(artifact, csv_path(args))
    # here, because drawing needs libraries that take a second to load
    from model.report.build import build_report, write_report

    report = build_report(body, dataset, leaderboard, _read_looks(args, artifact.version))
    print(f"Report: {write_report(report, args.out)}")
    return 0


def _read_looks(args: argparse.Namespace, version: str) -> list[Look]:
    if args.bucket:
        return read_looks(open_bucket(args.bucket), version)
    return read_looks_of_folder(args.out, version)


def _check_training(artifact: Artifact, path: Path) -> None:
    if "model_leaderboard" not in artifact.meta or "served" not in artifact.meta:
        raise ModelError(f"{path}: doesn't tell how it was trained; train anew")


def _read_leaderboard(path: Path, artifact: Artifact) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(read_file(path))
        is_same = _tells_same(rows, artifact.meta["model_leaderboard"])
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path}: isn't a leaderboard; train anew") from error
    if not is_same:
        raise ModelError(f"{path}: isn't from the training of {artifact.version}; train anew")
    return rows


def _tells_same(rows: list[dict[str, Any]], lean_rows: list[dict[str, Any]]) -> bool:
    """Return whether both tell of the same candidates with the same AUC."""
    names = [row["name"] for row in rows] == [row["name"] for row in lean_rows]
    pairs = zip(rows, lean_rows, strict=False)
    return names and all(abs(row["auc"] - lean["auc"]) < _DIGITS for row, lean in pairs)
