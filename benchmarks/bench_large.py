"""What does training on very many customers take, beside reading them and one fit of boosting?

Each in a process of its own, in one run, on made-up customers or on a table that is named: reading
the file as training does; pandas and one fit of scikit-learn's HistGradientBoostingClassifier with
its defaults, as a person would write it; the whole of `python -m model train`. Linux only.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from benchmarks.machine import describe_run
from model.samples.synthetic_csv import SEED, write_csv

ROWS = 1_000_000
_SAMPLE_S = 0.2
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_READ = """
import sys
from pathlib import Path
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset
load_dataset(Path(sys.argv[1]), options=INFER_ALL)
"""
_FIT = """
import sys
import pandas
from sklearn.ensemble import HistGradientBoostingClassifier
table = pandas.read_csv(sys.argv[1], na_values=" ")
target, table = table.iloc[:, -1], table.iloc[:, 1:-1]
texts = table.select_dtypes(exclude="number").columns
table[texts] = table[texts].astype("category")
HistGradientBoostingClassifier(categorical_features="from_dtype").fit(table, target)
"""


def main() -> None:
    """Measure the three, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", metavar="CSV", nargs="?", type=Path, help="id first, target last")
    parser.add_argument("--rows", type=int, default=ROWS, help="made up (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    with TemporaryDirectory() as folder:
        csv = args.csv or _make_up(Path(folder) / "customers.csv", args.rows)
        rows = measure(csv, Path(folder) / "build")
    if args.json:
        print(json.dumps({"run": describe_run(), "rows": rows}, indent=2))
        return
    print(", ".join(describe_run().values()), "", sep="\n")
    print("| | seconds | times the one fit | peak memory, GB |\n| --- | ---: | ---: | ---: |")
    for row in rows:
        cells = f"{row['seconds']:,.1f} | {row['ratio']:.1f} | {row['peak_gb']:.2f}"
        print(f"| {row['what']} | {cells} |")


def measure(csv: Path, build: Path) -> list[dict[str, Any]]:
    """Return seconds, memory of all its processes together, and the ratio to one fit, of each."""
    train = ["-m", "model", "train", str(csv), "--out", str(build)]
    commands = {
        "reading, as training does": ["-c", _READ, str(csv)],
        "pandas and one fit": ["-c", _FIT, str(csv)],
        "training, report included": train,
    }
    taken = {what: _run([sys.executable, *command]) for what, command in commands.items()}
    one_fit_s, _ = taken["pandas and one fit"]
    return [
        {"what": what, "seconds": seconds, "ratio": seconds / one_fit_s, "peak_gb": peak_gb}
        for what, (seconds, peak_gb) in taken.items()
    ]


def _make_up(path: Path, rows: int) -> Path:
    for _ in write_csv(path, rows, SEED):  # it yields how many it has written
        pass
    return path


def _run(command: list[str]) -> tuple[float, float]:
    start, peak = perf_counter(), 0
    with subprocess.Popen(command, stdout=sys.stderr, start_new_session=True) as process:  # noqa: S603 (ours)
        while process.poll() is None:
            peak = max(peak, _sum_memory(process.pid))
            sleep(_SAMPLE_S)
    if process.returncode:
        sys.exit(f"{command[1:3]}: ended with {process.returncode}")
    return perf_counter() - start, peak / 1e9


def _sum_memory(session: int) -> int:
    """Return the bytes of memory that the processes of a session have."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * _PAGE_BYTES
    return total


if __name__ == "__main__":
    main()
