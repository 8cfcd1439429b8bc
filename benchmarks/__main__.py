"""Everything: `python -m benchmarks` measures, prints tables, and writes results and plot."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.command import make_parser
from benchmarks.containers import describe_image
from benchmarks.machine import describe_run
from benchmarks.plot import write_plot
from benchmarks.tables import RESULTS, make_tables
from benchmarks.workspace import prepare

QUESTIONS = ("cold_start", "scoring", "memory_size", "package")


def main() -> None:
    """Run all benchmarks on one workspace."""
    parser = make_parser(__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="results (default: %(default)s)")
    args = parser.parse_args()
    run = describe_run()
    print(", ".join(run.values()), file=sys.stderr)
    workspace = prepare(args.csv)
    results: dict[str, Any] = {
        "run": run | describe_image(workspace.has_image),
        "data": workspace.data,
        "gaps": workspace.gaps,
    }
    for question in QUESTIONS:
        benchmark = import_module(f"benchmarks.bench_{question}")
        print(benchmark.__doc__.partition("\n")[0], file=sys.stderr)
        rounds = args.rounds or getattr(benchmark, "ROUNDS", 1)
        results[question] = benchmark.measure(workspace, rounds)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(_format(results), encoding="utf-8")
    write_plot(results, args.out.with_suffix(".svg"))
    if args.json:
        print(_format(results), end="")
        return
    for name, table in make_tables(results).items():
        print(f"\n## {name}\n\n{table}")
    print(*workspace.gaps, f"\nwritten: {args.out}, {args.out.with_suffix('.svg')}", sep="\n")


def _format(results: dict[str, Any]) -> str:
    """Return the results as JSON, one line for each row, so that runs can be told apart."""
    members = []
    for name, value in results.items():
        text = json.dumps(value)
        if isinstance(value, list):
            text = "[\n" + ",\n".join(map(json.dumps, value)) + "\n]"
        members.append(f"{json.dumps(name)}: {text}")
    return "{" + ",\n".join(members) + "}\n"


if __name__ == "__main__":
    main()
