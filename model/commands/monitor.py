"""`python -m model monitor`: are customers still as in training, day by day?"""

import argparse
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from model.console import print_json, print_line, print_table
from model.errors import ModelError
from model.files import write_file
from model.paths import BUILD, MODEL_KEY

DAYS = 14  # looked at, unless --from says otherwise
DESCRIPTION = (
    "Shows each day's counts of scored customers beside those of training: what the monitor has "
    "judged, and for other days the same from the function's log. Writes a page with a picture of "
    "each field over time, which loads nothing."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument(
        "--from",
        dest="first",
        metavar="DAY",
        type=date.fromisoformat,
        help=f"the first, such as 2026-11-24, in UTC (default: {DAYS} days before the last)",
    )
    parser.add_argument(
        "--to", dest="last", metavar="DAY", type=date.fromisoformat, help="(default: yesterday)"
    )
    parser.add_argument("--log-group", help="in CloudWatch (default: LOG_GROUP, a stack output)")
    parser.add_argument("--bucket", help="S3 bucket of models (default: MODEL_BUCKET)")
    parser.add_argument("--bulk-bucket", help="of bulk runs (default: BULK_BUCKET, else none)")
    parser.add_argument("--key", help=f"of the live model (default: MODEL_KEY, else {MODEL_KEY})")
    parser.add_argument(
        "--out",
        type=Path,
        default=BUILD / "monitoring.html",
        help="the page (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run(args: argparse.Namespace) -> int:
    """Print the windows and write the page."""
    from model.monitoring.page import COLUMNS, build_page, list_rows  # what only this command needs
    from model.monitoring.windows import collect_windows, find_references, open_watch

    last = args.last or datetime.now(UTC).date() - timedelta(days=1)
    first = args.first or last - timedelta(days=DAYS - 1)
    if first > last:
        raise ModelError(f"--from {first}: is after --to {last}")
    watch = open_watch(
        _require(args.log_group, "LOG_GROUP", "--log-group"),
        _require(args.bucket, "MODEL_BUCKET", "--bucket"),
        args.key or os.environ.get("MODEL_KEY") or MODEL_KEY,
        args.bulk_bucket or os.environ.get("BULK_BUCKET"),
    )
    windows = collect_windows(watch, first, last)
    page = build_page(windows, find_references(watch, windows))
    write_file(args.out, page.encode())
    if args.json:
        print_json(windows)
        return 0
    rows = [row for window in windows for row in list_rows(window)]
    print_table("Scored customers beside those of training", COLUMNS, rows)
    print_line(f"Written: {args.out}")
    return 0


def _require(said: str | None, variable: str, flag: str) -> str:
    value = said or os.environ.get(variable)
    if not value:
        raise ModelError(f"say {flag}, or set {variable} (a stack output)")
    return value
