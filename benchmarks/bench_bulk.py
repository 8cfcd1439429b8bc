"""How long does a table of any size take, from file to file: here, and beside pandas?

First on one core in Lambda's Python image, this project and pandas with scikit-learn in turns, by
the seconds of processor time, which others on the machine lengthen least; then a worker's part at
the CPU that Lambda gives with a memory size; then by `python -m model score` on all cores of this
machine, with memory, for a table and one ten times as long.
"""

import csv
import os
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.bench_memory_size import MB_PER_CPU
from benchmarks.command import SEED, run_alone
from benchmarks.containers import ROOT, in_container, open_worker
from benchmarks.figures import summarize
from benchmarks.models import model_file
from benchmarks.prices import MB_PER_GB
from benchmarks.workspace import Workspace
from model.samples.synthetic_csv import write_csv

ROUNDS = 5
CUSTOMERS = 200_000  # file to file on one core
LARGE = int(os.environ.get("BENCH_BULK_ROWS", "1000000"))  # by the command, and ten times as many
GROWTH = 10
PART = 182_000  # customers in 24 MiB, which the plan gives a worker
MEGABYTES = (256, 512, 1024, MB_PER_CPU, 2 * MB_PER_CPU)  # a worker has one thread
MODELS = ("linear", "100 trees")
OURS, PANDAS = "this project", "pandas + scikit-learn"
FOLDER = ROOT / "build/bench/bulk"
BYTES_PER_MB = 1_000_000


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, ROUNDS)


def measure(workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    """Return rows by contender on one core, by memory size of a worker, and by the command."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    if workspace.has_image:
        rows = _measure_one_core(workspace, rounds) + _measure_sizes(workspace, rounds)
    model = workspace.models / model_file("100 trees", "json")
    return rows + [_measure_command(model, size) for size in (LARGE, GROWTH * LARGE)]


def _measure_one_core(workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    table = _make_table(CUSTOMERS)
    turns = [(who, model) for who in (OURS, PANDAS) for model in MODELS]
    taken: dict[tuple[str, str], list[float]] = {turn: [] for turn in turns}
    peaks: dict[tuple[str, str], float] = {}
    order = random.Random(SEED)  # noqa: S311  an order, not a secret
    with ExitStack() as stack:
        asks = {
            turn: stack.enter_context(open_worker(_command(workspace, *turn, table)))
            for turn in turns
        }
        for number in range(rounds + 1):
            for turn in order.sample(turns, len(turns)):
                answer = asks[turn]({})
                peaks[turn] = answer["peak_mb"]
                if number:  # the first is for warming up
                    taken[turn].append(CUSTOMERS / answer["seconds"])
    difference = {model: _compare(model) for model in MODELS}
    return [
        {
            "name": who,
            "model": model,
            "customers": CUSTOMERS,
            "per_second": summarize(taken[who, model]),
            "peak_mb": peaks[who, model],
            "difference": difference[model],
        }
        for who, model in turns
    ]


def _measure_sizes(workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    """Return the seconds that a worker's part takes, and its gigabyte-seconds, by memory size."""
    table = _make_table(PART)
    taken: dict[int, list[float]] = {size_mb: [] for size_mb in MEGABYTES}
    peaks: dict[int, float] = {}
    order = random.Random(SEED)  # noqa: S311  as above
    with ExitStack() as stack:
        asks = {
            size_mb: stack.enter_context(
                open_worker(_command(workspace, OURS, "100 trees", table, size_mb))
            )
            for size_mb in MEGABYTES
        }
        for _ in range(rounds):
            for size_mb in order.sample(MEGABYTES, len(MEGABYTES)):
                started_s = time.perf_counter()
                peaks[size_mb] = asks[size_mb]({})["peak_mb"]
                taken[size_mb].append(time.perf_counter() - started_s)
    return [
        {
            "name": "a worker's part",
            "memory_mb": size_mb,
            "customers": PART,
            "seconds": summarize(seconds),
            "gb_seconds": min(seconds) * size_mb / MB_PER_GB,
            "peak_mb": peaks[size_mb],
        }
        for size_mb, seconds in taken.items()
    ]


def _command(
    workspace: Workspace, who: str, model: str, table: Path, size_mb: int = MB_PER_CPU
) -> list[str]:
    package = workspace.function.with_name("BulkScoreFunction")
    mounts = {"/var/task": package, "/models": workspace.models, "/table": table.parent}
    if who == PANDAS:
        mounts["/opt/python"] = workspace.packages / "scikit_learn"
    stem = Path(model_file(model, "json")).stem
    options = (
        *(f"--cpus={size_mb / MB_PER_CPU:.3f}", f"--volume={FOLDER.resolve()}:/answers"),
        *(f"--env={name}_NUM_THREADS=1" for name in ("OMP", "OPENBLAS")),
        "--env=PYTHONPATH=/var/task:/opt/python",
    )
    arguments = (f"/models/{stem}", f"/table/{table.name}", f"/answers/{_answer_name(who, model)}")
    name = "pandas" if who == PANDAS else "ours"
    return in_container("score_table.py", name, *arguments, mounts=mounts, options=options)


def _answer_name(who: str, model: str) -> str:
    return f"{who}, {model}.csv".replace(" ", "-")


def _compare(model: str) -> float:
    """Return by how much the contenders' probabilities differ at most."""
    answers = []
    for who in (OURS, PANDAS):
        with (FOLDER / _answer_name(who, model)).open(newline="", encoding="utf-8") as file:
            answers.append([float(row["churn_probability"]) for row in csv.DictReader(file)])
    return max(abs(one - other) for one, other in zip(*answers, strict=True))


def _measure_command(model: Path, customers: int) -> dict[str, Any]:
    table = _make_table(customers)
    words = ("score", str(table), "--out", str(FOLDER / "scores.csv"), "--model", str(model))
    started_s = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  our own words
        [sys.executable, "-m", "model", *words], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    peak_bytes = 0
    while process.poll() is None:
        peak_bytes = max(peak_bytes, _measure_memory(process.pid))
        time.sleep(0.1)
    seconds = time.perf_counter() - started_s
    return {
        "name": "model score",
        "model": "100 trees",
        "customers": customers,
        "seconds": seconds,
        "per_second": customers / seconds,
        "peak_mb": peak_bytes / BYTES_PER_MB,
    }


def _measure_memory(pid: int) -> int:
    """Return the bytes that a process and its children have in memory, shared ones once each."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except OSError:  # it has just ended
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_measure_memory(int(name)) for name in children)


def _make_table(customers: int) -> Path:
    path = FOLDER / f"{customers}.csv"
    if not path.exists():
        for _ in write_csv(path, customers, SEED):
            pass
    return path


if __name__ == "__main__":
    main()
