"""`python -m model deploy-check`: what the deploy hook found last, and why it refused."""

import argparse
import json
import os
from typing import Any

from model.console import print_json, print_line
from model.errors import ModelError
from model.log_group import read_messages

EVENT = "deploy_check"  # of the hook's line: functions/deploy_hook/hook.py
DAYS = 1
DESCRIPTION = (
    "Prints the hook's last report: which questions the new version of the code answered otherwise "
    "than the live one. CodeDeploy takes no words, so they are in the hook's log alone; "
    "`make deploy` prints them when a deploy fails."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's flags."""
    parser.add_argument("--log-group", help="(default: DEPLOY_LOG_GROUP, a stack output)")
    parser.add_argument(
        "--days", type=float, default=DAYS, help="looked back (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run(args: argparse.Namespace) -> int:
    """Print the last report, if there is one."""
    name = args.log_group or os.environ.get("DEPLOY_LOG_GROUP")
    if not name:
        raise ModelError("which log? say --log-group, or set DEPLOY_LOG_GROUP (a stack output)")
    report = _find_last(name, args.days)
    if args.json:
        print_json(report)
    elif report is None:
        print_line(f"The hook was asked nothing in the last {24 * args.days:g} hours.")
    else:
        _print_report(report)
    return 0


def _find_last(name: str, days: float) -> dict[str, Any] | None:
    for message in reversed(read_messages(name, days, EVENT)):
        start = message.text.find("{")
        try:
            report = json.loads(message.text[start:])
        except ValueError:  # cut off, or a line that only quotes it
            continue
        if isinstance(report, dict) and report.get("event") == EVENT:
            return {"at": f"{message.at:%Y-%m-%d %H:%M} UTC"} | report
    return None


def _print_report(report: dict[str, Any]) -> None:
    print_line(
        f"Hook, {report['at']}: {report['status']}, deployment {report['deployment']}, "
        f"{report['questions']} questions, model {report['model'] or 'none'}"
    )
    for reason in report["refused"]:
        print_line(f"refused: {reason}")
