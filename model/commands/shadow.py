"""`python -m model shadow`: what would change if the shadow went live, by what it has scored."""

import argparse
import os
from pathlib import Path

from model.console import print_json, print_line
from model.errors import ModelError
from model.registry.registry_options import add_registry_arguments, open_registry
from model.shadow.evidence import Evidence, add_up, keep_evidence
from model.shadow.evidence_output import print_evidence
from model.shadow.log_lines import read_log_file, read_log_group

DAYS = 30  # what the stack's log keeps, unless it says otherwise
DESCRIPTION = (
    "Adds up what the function has logged about the version that `publish --shadow` put beside "
    "the live one, and keeps it in the bucket, where `promote` finds it. --end ends the shadow."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--end", action="store_true", help="have no shadow any more")
    parser.add_argument("--log", type=Path, metavar="FILE", help="read the log from a file")
    parser.add_argument("--log-group", help="in CloudWatch (default: LOG_GROUP, a stack output)")
    parser.add_argument(
        "--days", type=float, default=DAYS, help=f"of the log that count (default: {DAYS})"
    )
    add_registry_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print what the shadow has shown, or end it."""
    if args.end:
        return _end(args)
    found = add_up(_read_lines(args))
    if args.bucket or os.environ.get("MODEL_BUCKET"):
        bucket = open_registry(args).bucket
        for evidence in found:
            keep_evidence(bucket, evidence)
    _print(found, as_json=args.json)
    return 0


def _end(args: argparse.Namespace) -> int:
    from model.shadow.slot import end_shadow  # needs numpy and scikit-learn, as the gate does

    version = end_shadow(open_registry(args))
    if args.json:
        print_json({"ended": version})
    else:
        print_line(f"{version} is no longer the shadow" if version else "There is no shadow.")
    return 0


def _read_lines(args: argparse.Namespace) -> list[Evidence]:
    if args.log:
        return read_log_file(args.log)
    name = args.log_group or os.environ.get("LOG_GROUP")
    if not name:
        raise ModelError("which log? say --log-group, set LOG_GROUP (a stack output), or --log")
    return read_log_group(name, args.days)


def _print(found: list[Evidence], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for evidence in found:
        print_evidence(evidence)
    if not found:
        print_line(
            "Nothing yet: a line comes once a function has compared 100 different customers, and "
            "a minute has passed."
        )
