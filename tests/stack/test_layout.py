"""The unit tests mirror the code: a file of tests for a module, in the folder of the same name."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "tests" / "unit"
# All else is of the function that answers.
ROOMS = {"model": ROOT, "benchmarks": ROOT, "deploy_hook": ROOT / "functions"}
OF_THE_WHOLE = {
    "test_hostile_bodies.py",
    "test_limits.py",
    "test_same_file.py",
    "test_shadow.py",
}  # ask the handler, or all of training, not one module
RUN_AS = {"test_main.py": "__main__.py"}


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(UNIT.rglob("test_*.py")) if path.name not in OF_THE_WHOLE],
    ids=lambda path: str(path.relative_to(UNIT)),
)
def test_unit_tests_stand_where_their_module_does(path):
    folder = path.parent.relative_to(UNIT)
    root = ROOMS.get(folder.parts[0] if folder.parts else "", ROOT / "functions" / "predict")

    module = root / folder / RUN_AS.get(path.name, path.name.removeprefix("test_"))

    assert module.is_file()
