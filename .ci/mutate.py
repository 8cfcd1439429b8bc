"""Plants faults, one at a time, and counts those that the unit tests of the module find.

Works on a copy of the tree in build/mutate/, where a run that was stopped goes on. Prints the
faults that no test found, then a line per module.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "mutate"
TREE = FOLDER / "tree"


def main(names: list[str]) -> int:
    """Return 0; without names, all modules that pyproject.toml lists are looked at."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings = settings["tool"]["mutate"]
    _copy_tree()
    for module in map(Path, names or _list_modules(settings["folders"])):
        session = _plant(module, settings)
        with use_db(session, WorkDB.Mode.open) as database:
            results = [result for _, result in database.completed_work_items]
        planted = [result for result in results if result.worker_outcome != WorkerOutcome.SKIPPED]
        missed = [result for result in planted if result.test_outcome == TestOutcome.SURVIVED]
        for result in missed:
            print(result.diff)
        print(f"{module}: {len(planted) - len(missed)} of {len(planted)} found", flush=True)
    return 0


def find_tests(module: Path) -> Path:
    """Return the tests of a module: the file that mirrors it, else the folder that does."""
    parts = module.parts[2:] if module.parts[0] == "functions" else module.parts
    mirrored = Path("tests", "unit", *parts)
    tests = mirrored.with_name(f"test_{module.name}")
    return tests if (ROOT / tests).is_file() else mirrored.parent


def _list_modules(folders: list[str]) -> list[str]:
    files = subprocess.check_output(["git", "ls-files", *folders], cwd=ROOT, text=True)  # noqa: S603, S607  git as a person's shell finds it
    return [name for name in files.splitlines() if name.endswith(".py")]


def _copy_tree() -> None:
    """Bring the copy up to date; cosmic-ray writes its faults into it."""
    files = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)  # noqa: S607  as above
    for name in files.splitlines():
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)


def _plant(module: Path, settings: dict[str, Any]) -> Path:
    """Test every fault of a module that isn't tested yet; return where the results are."""
    session = FOLDER / f"{'.'.join(module.with_suffix('').parts)}.sqlite"
    config = session.with_suffix(".toml")
    tests = find_tests(module)
    config.write_text(_configure(module, tests, settings), encoding="utf-8")
    if not session.exists() or session.stat().st_mtime < _last_change(module, tests):
        session.unlink(missing_ok=True)
        _run("cosmic-ray", "baseline", str(config))
        _run("cosmic-ray", "init", str(config), str(session))
        _run("cr-filter-operators", str(session), str(config))
    _run("cosmic-ray", "exec", str(config), str(session))
    return session


def _configure(module: Path, tests: Path, settings: dict[str, Any]) -> str:
    # The copy comes before the installed project; pytest's plugins cost more than the tests.
    environment = f"PYTHONPATH={TREE / 'functions/predict'}:{TREE} PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"
    pytest = f"{sys.executable} -B -m pytest -x -q -p no:cacheprovider {tests}"
    return f"""[cosmic-ray]
module-path = "{module}"
timeout = {settings["timeout_s"]}
excluded-modules = []
test-command = "env {environment} {pytest}"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = {json.dumps(settings["left_out"])}
"""


def _last_change(*paths: Path) -> float:
    files = [file for path in paths for file in (ROOT / path, *(ROOT / path).glob("*.py"))]
    return max(file.stat().st_mtime for file in files)


def _run(program: str, *words: str) -> None:
    path = Path(sys.executable).with_name(program)
    subprocess.run([path, *words], cwd=TREE, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  ours


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
