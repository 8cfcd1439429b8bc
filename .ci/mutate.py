"""Plants faults, one at a time, and counts those that the unit tests of the module find.

Works on a copy of the tree in build/mutate/, where a run that was stopped goes on. Prints the
faults that no test found, then a line per module.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "mutate"
TREE = FOLDER / "tree"
PROGRAM = Path(sys.executable).with_name("cosmic-ray")


def main(names: list[str]) -> int:
    """Return 0; without names, all modules that pyproject.toml lists are looked at."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings = settings["tool"]["mutate"]
    _copy_tree()
    for module in map(Path, names or _list_modules(settings["folders"])):
        session = _plant(module, settings["timeout_s"])
        with use_db(session, WorkDB.Mode.open) as database:
            outcomes = [(job, result) for job, result in database.completed_work_items]
        missed = [result for _, result in outcomes if not _is_found(result)]
        for result in missed:
            print(result.diff)
        print(f"{module}: {len(outcomes) - len(missed)} of {len(outcomes)} found", flush=True)
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


def _plant(module: Path, timeout_s: float) -> Path:
    """Test every fault of a module that isn't tested yet; return where the results are."""
    session = FOLDER / f"{'.'.join(module.with_suffix('').parts)}.sqlite"
    config = session.with_suffix(".toml")
    tests = f"{sys.executable} -B -m pytest -x -q -p no:cacheprovider {find_tests(module)}"
    python_path = f"{TREE / 'functions/predict'}:{TREE}"  # before the installed project
    config.write_text(
        f'[cosmic-ray]\nmodule-path = "{module}"\ntimeout = {timeout_s}\nexcluded-modules = []\n'
        f'test-command = "env PYTHONPATH={python_path} {tests}"\n'
        '[cosmic-ray.distributor]\nname = "local"\n',
        encoding="utf-8",
    )
    if not session.exists() or session.stat().st_mtime < (ROOT / module).stat().st_mtime:
        session.unlink(missing_ok=True)
        subprocess.check_call([PROGRAM, "init", config, session], cwd=TREE)  # noqa: S603  our own words
        subprocess.check_call([PROGRAM, "baseline", config], cwd=TREE)  # noqa: S603  our own words
    subprocess.check_call([PROGRAM, "exec", config, session], cwd=TREE)  # noqa: S603  our own words
    return session


def _is_found(result: object) -> bool:
    return (
        result.worker_outcome != WorkerOutcome.NORMAL or result.test_outcome != TestOutcome.SURVIVED
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
