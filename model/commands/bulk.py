"""`python -m model bulk`: a table of any size, scored by the deployed state machine."""

import argparse
import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from model.bulk.answer_options import add_answer_arguments, read_request
from model.bulk.progress import show_parts
from model.bulk.remote_run import (
    Stack,
    download_scores,
    open_stack,
    read_summary,
    start_run,
    upload_table,
    wait_for_run,
)
from model.bulk.summary_output import print_summary
from model.errors import BulkRunError
from model.files import write_file

DESCRIPTION = (
    "Scores each customer of a CSV by the stack's live model, on as many functions as it takes. "
    "A run of a name that has ended already isn't started anew: its answer is fetched again."
)
INTERRUPTED = 130  # as shells say it of Ctrl-C
RUN_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")  # what Step Functions takes, and S3 needs no quotes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "csv", metavar="CSV", help="a file here, or in the bulk bucket: s3://BUCKET/in/…, or in/…/"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the answer is written, too")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="write the summary as JSON")
    parser.add_argument("--name", type=_run_name, metavar="NAME", help="(default: file and time)")
    parser.add_argument("--bulk-bucket", help="S3 bucket (default: BULK_BUCKET, a stack output)")
    parser.add_argument("--machine", help="its ARN (default: BULK_MACHINE, a stack output)")
    add_answer_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Start the run, wait for it, say what it came to; 1 where a row couldn't be scored."""
    stack = _open_stack(args)
    name = args.name or _make_name(args.csv)
    try:
        arn = _start(args, stack, name)
    except KeyboardInterrupt:
        print(f"stopped before run {name} began", file=sys.stderr)
        return INTERRUPTED
    print(f"run {name}: {arn}", file=sys.stderr)
    try:
        return _finish(args, stack, arn)
    except KeyboardInterrupt:
        print(
            f"not waiting any longer; the run goes on. To come back: --name {name}", file=sys.stderr
        )
        return INTERRUPTED


def _start(args: argparse.Namespace, stack: Stack, name: str) -> str:
    is_there = args.csv.startswith(("s3://", "in/"))
    key = args.csv if is_there else upload_table(stack, Path(args.csv), name)
    return start_run(stack, name, {"input": key} | read_request(args))


def _finish(args: argparse.Namespace, stack: Stack, arn: str) -> int:
    with show_parts() as show:
        ended = wait_for_run(stack, arn, show)
    if args.out:
        download_scores(stack, ended, args.out)
    print(ended["scores"])
    summary = read_summary(stack, ended)
    if args.summary:
        write_file(args.summary, json.dumps(summary, indent=2).encode())
    print_summary(summary)
    return int(ended["not_scored"] > 0)


def _open_stack(args: argparse.Namespace) -> Stack:
    bucket = args.bulk_bucket or os.environ.get("BULK_BUCKET")
    machine = args.machine or os.environ.get("BULK_MACHINE")
    if not bucket or not machine:
        raise BulkRunError(
            "which stack? say --bulk-bucket and --machine, or set BULK_BUCKET and BULK_MACHINE "
            "(`python -m model outputs` prints them)"
        )
    return open_stack(bucket, machine)


def _make_name(table: str) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", table.rstrip("/").rpartition("/")[2].partition(".")[0])
    return f"{stem[:60]}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def _run_name(text: str) -> str:
    if not RUN_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("expected up to 80 letters, digits, - and _")
    return text
