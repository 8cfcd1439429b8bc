"""What the benchmarks have in common as commands: arguments, the event they send, their output."""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.containers import ROOT
from benchmarks.machine import describe_run
from benchmarks.workspace import Workspace, prepare

EVENT = (ROOT / "events/predict_one_ok.json").read_text(encoding="utf-8")
SEED = 42  # of the order in which contenders take their turns

Measure = Callable[[Workspace, int], list[dict[str, Any]]]


def make_parser(doc: str) -> argparse.ArgumentParser:
    """Return the parser of a benchmark's arguments; its description is the docstring's start."""
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    named = os.environ.get("TELCO_CSV")
    parser.add_argument(
        "csv",
        metavar="CSV",
        nargs="?",
        type=Path,
        default=Path(named) if named else None,
        help="customers (default: IBM's table, downloaded; offline, made-up ones)",
    )
    parser.add_argument("--rounds", type=int, help="interleaved; medians count")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def run_alone(measure: Measure, doc: str, rounds: int) -> None:
    """Run one benchmark as a command: print its rows, as a list or as JSON."""
    args = make_parser(doc).parse_args()
    run = describe_run()
    if not args.json:
        print(", ".join(run.values()))
    workspace = prepare(args.csv)
    rows = measure(workspace, args.rounds or rounds)
    if args.json:
        print(json.dumps({"run": run, "gaps": workspace.gaps, "rows": rows}, indent=2))
        return
    print(*workspace.gaps, sep="\n")
    for row in rows:
        print(", ".join(f"{name}: {_format(value)}" for name, value in row.items() if value))


def _format(value: object) -> str:
    if isinstance(value, dict) and "median" not in value:
        return ", ".join(f"{name} {_format(inner)}" for name, inner in value.items())
    if isinstance(value, dict):
        return f"{value['median']:.4g} (p95 {value['p95']:.4g})"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
