"""Plants faults, one at a time, and counts those that the unit tests of the module find.

Works on a copy of the tree in build/mutate/, where a run that was stopped goes on. Prints the
faults that no test found and a line per module, then one per folder and one for all. Faults that no
test can see are listed in unseen_faults.toml, each with a reason; any other that is missed makes it
fail.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from contextlib import suppress
from difflib import unified_diff
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cosmic_ray.commands import init
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "mutate"
TREE = FOLDER / "tree"
OUTPUT, LOADED = FOLDER / "output.txt", FOLDER / "loaded.txt"  # of the last tests
LONGEST_S = 600
HANGS = 5  # times as long as without a fault: it counts as found
SEED = 42
UNSEEN = Path(__file__).with_name("unseen_faults.toml")

Place = tuple[tuple[int, int], str, int]  # line and column, kind of fault, which of them


def main() -> int:
    """Return 1 if a fault was missed that isn't listed; without places, all are looked at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", help="modules or folders")
    parser.add_argument("--sample", type=int, help="faults per module, always the same ones")
    words = parser.parse_args()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings = settings["tool"]["mutate"]
    unseen = tomllib.loads(UNSEEN.read_text(encoding="utf-8"))["fault"]
    listed = {(fault["module"], fault["was"], fault.get("becomes")) for fault in unseen}
    _copy_tree()
    _enter_tree()
    counts: dict[str, Counter[str]] = {}
    for module in _list_modules(words.places or settings["folders"]):
        results = _plant(module, settings, words.sample)
        survivors = [result for result in results if result.test_outcome == TestOutcome.SURVIVED]
        gaps = [result for result in survivors if not _is_listed(str(module), result, listed)]
        for result in gaps:
            print(result.diff)
        print(f"{module}: {len(results) - len(survivors)} of {len(results)} found", flush=True)
        told = {"planted": len(results), "missed": len(survivors), "new": len(gaps)}
        for place in (str(module.parent), "all"):
            counts.setdefault(place, Counter()).update(told)
    for place in sorted(counts, key="all".__eq__):
        print(f"{place}: {_summarize(counts[place])}")
    return 1 if counts["all"]["new"] else 0


def find_tests(module: Path) -> list[Path]:
    """Return the tests of a module: the file that mirrors it, then the others of its room."""
    parts = tuple(part for part in module.parts if part not in {"functions", "predict"})
    mirrored = Path("tests", "unit", *parts)
    tests = mirrored.with_name(f"test_{module.name}")
    room = [path.relative_to(ROOT) for path in sorted((ROOT / mirrored.parent).glob("test_*.py"))]
    return sorted(room, key=lambda path: path != tests)


def _summarize(counts: Counter[str]) -> str:
    """Return how many of the faults were found, and what became of the others."""
    planted, missed, new = counts["planted"], counts["missed"], counts["new"]
    share = (planted - missed) / planted if planted else 1.0
    text = f"{planted - missed} of {planted} found ({share:.0%})"
    return f"{text}, {missed - new} can't be seen, {new} should be"


def _list_modules(places: list[str]) -> list[Path]:
    files = subprocess.check_output(["git", "ls-files", *places], cwd=ROOT, text=True)  # noqa: S603, S607  git as a person's shell finds it
    return [Path(name) for name in files.splitlines() if name.endswith(".py")]


def _copy_tree() -> None:
    """Bring the copy up to date; cosmic-ray writes its faults into it."""
    files = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)  # noqa: S607  as above
    for name in files.splitlines():
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)


def _enter_tree() -> None:
    """Have this process, its forks and what tests start import from the copy."""
    os.chdir(TREE)
    places = [str(TREE / "functions/predict"), str(TREE)]
    sys.path[:0] = places  # before the installed project
    sys.dont_write_bytecode = True  # faults come faster than the times of files can tell
    os.environ |= {
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # plugins cost more than the tests
    }


def _plant(module: Path, settings: dict[str, Any], sample: int | None) -> list[WorkResult]:
    """Test the faults of a module that aren't tested yet; return the results of all."""
    session = FOLDER / f"{'.'.join(module.with_suffix('').parts)}.{sample or 'all'}.sqlite"
    tests = find_tests(module)
    if session.exists() and session.stat().st_mtime < _last_change(module, *tests):
        session.unlink()
    with use_db(session) as database:
        if not database.num_work_items:
            init([module], database, {})
            _skip(database, _list_visible(database, module, settings), sample)
        if database.num_results < database.num_work_items:
            limit_s = HANGS * _time_tests(frozenset(tests))
            for item in tuple(database.pending_work_items):
                database.set_result(item.job_id, _test_fault(item, tests, limit_s))
        done = [result for _, result in database.completed_work_items]
    return [result for result in done if result.worker_outcome != WorkerOutcome.SKIPPED]


def _list_visible(database: WorkDB, module: Path, settings: dict[str, Any]) -> list[Place]:
    """Return the places of faults, in order, without the kinds that pyproject.toml leaves out."""
    lines = module.read_text(encoding="utf-8").splitlines()
    places = [_place(item) for item in database.work_items]
    return sorted(
        place
        for place in places
        if not re.match("|".join(settings["left_out"]), place[1])
        and not re.search("|".join(settings["left_out_lines"]), lines[place[0][0] - 1])
    )


def _skip(database: WorkDB, wanted: list[Place], sample: int | None) -> None:
    """Plant the wanted faults only; of many a sample, always the same."""
    if sample is not None:
        wanted = random.Random(SEED).sample(wanted, min(sample, len(wanted)))  # noqa: S311
    others = [item.job_id for item in database.work_items if _place(item) not in set(wanted)]
    if others:
        database.set_multiple_results(others, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


def _place(item: WorkItem) -> Place:
    (mutation,) = item.mutations
    return tuple(mutation.start_pos), mutation.operator_name, mutation.occurrence


def _test_fault(item: WorkItem, tests: list[Path], limit_s: float) -> WorkResult:
    (mutation,) = item.mutations
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as (was, becomes):
        outcome = _run_tests(tests, limit_s)
    lines = unified_diff(
        was.splitlines(), becomes.splitlines(), str(mutation.module_path), lineterm=""
    )
    return WorkResult(WorkerOutcome.NORMAL, test_outcome=outcome, diff="\n".join(lines))


@cache
def _time_tests(tests: frozenset[Path]) -> float:
    """Return the seconds that the tests take without a fault, once this process has their packages.

    A fork starts with them: loading them takes longer than most tests.
    """
    _run_tests(sorted(tests), LONGEST_S, "--collect-only")
    for name in LOADED.read_text(encoding="utf-8").split():
        with suppress(ImportError):
            import_module(name)
    started = time.monotonic()
    if _run_tests(sorted(tests), LONGEST_S) != TestOutcome.SURVIVED:
        sys.exit(f"the tests fail without a fault: {OUTPUT.read_text(encoding='utf-8')}")
    return time.monotonic() - started


def _run_tests(tests: list[Path], limit_s: float, *options: str) -> TestOutcome:
    process = get_context("fork").Process(target=_run_pytest, args=(tests, options))
    process.start()
    process.join(limit_s)
    if process.is_alive():
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
    return TestOutcome.KILLED if process.exitcode else TestOutcome.SURVIVED


def _run_pytest(tests: list[Path], options: tuple[str, ...]) -> None:
    """Run tests, note which packages they loaded, and end the process as they ended."""
    os.setsid()
    with OUTPUT.open("w", encoding="utf-8") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *options, *map(str, tests)])
    packages = [name for name, module in sys.modules.items() if _is_package_of_others(module)]
    LOADED.write_text("\n".join(packages), encoding="utf-8")
    sys.exit(code)


def _is_package_of_others(module: ModuleType) -> bool:
    return "site-packages" in (getattr(module, "__file__", None) or "")


def _is_listed(module: str, result: WorkResult, listed: set[tuple[str, str, str | None]]) -> bool:
    """Return whether it is said why nothing sees this fault, or any fault of its line."""
    was, becomes = _changes(result)
    return bool({(module, was, becomes), (module, was, None)} & listed)


def _changes(result: WorkResult) -> tuple[str, str]:
    lines = (result.diff or "").splitlines()
    was = " ".join(line[1:].strip() for line in lines if line.startswith("-") and line[:3] != "---")
    becomes = " ".join(
        line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"
    )
    return was, becomes


def _last_change(*paths: Path) -> float:
    return max((ROOT / path).stat().st_mtime for path in paths)


if __name__ == "__main__":
    sys.exit(main())
