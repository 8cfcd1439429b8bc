"""What `sam build` packs answers as its source does; here with the bytecode of this Python."""

import ast
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import app

FUNCTION = Path(__file__).parents[2] / "functions/predict"
PROGRAM = """
import json, sys
sys.path.insert(0, "")
import app
for event in json.loads(sys.argv[1]):
    print(json.dumps(app.lambda_handler(event, None)), file=sys.stderr)
print(*(name for name, module in sys.modules.items()
        if name.startswith("inference.") and getattr(module, "__file__", None)))
"""


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """The function, packed, and the names of the modules that were."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(FUNCTION, tmp_path / "function", ignore=ignore)
    monkeypatch.chdir(tmp_path / "function")
    names = subprocess.run(
        ["make", "--no-print-directory", "name-first-answer"],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    monkeypatch.setattr(sys, "argv", ["pack.py", *names[1:]])
    runpy.run_path(str(FUNCTION / "pack.py"), run_name="__main__")
    return names[1:]


def run(*events):
    """Return each event's line and answer, and the modules that aren't packed as bytecode."""
    result = subprocess.run(  # noqa: S603  the lines above
        [sys.executable, "-I", "-S", "-B", "-c", PROGRAM, json.dumps(events)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, modules = result.stdout.splitlines()
    answers = [json.loads(line) for line in result.stderr.splitlines()]
    return [json.loads(line) for line in lines], answers, modules.split()


@pytest.mark.usefixtures("store")
def test_packed_function_answers_as_its_source_does(packed, event, context, record):
    reasons = {"records": [record, record | {"tenure": "x"}], "reasons": 2}
    csv = event(body="tenure\n1\n", headers={"content-type": "text/csv"})
    events = [event(body=reasons), csv, event("GET", "/model"), event("GET", "/openapi.json")]

    _, answers, beside = run(*events)

    context.aws_request_id = None
    assert answers == [app.lambda_handler(event, context) for event in events]
    assert "inference.endpoints.openapi" in beside
    assert not any(Path(name).exists() for name in packed if name != "inference/__init__.py")


@pytest.mark.usefixtures("store")
def test_first_answer_loads_no_module_that_comes_later(packed, event, record):  # noqa: ARG001
    _, (answer,), beside = run(event(body={"records": [record]}))

    assert answer["statusCode"] == 200
    assert beside == []


def test_fault_in_packed_code_has_its_place(packed, monkeypatch, event):  # noqa: ARG001
    monkeypatch.setenv("MODEL_REFRESH_SECONDS", "often")

    (line,), _, _ = run(event("GET", "/health"))

    assert line["fault"][0].startswith("ValueError: app.")
    assert " > inference.endpoints.health.respond:" in line["fault"][0]


def test_module_that_comes_later_keeps_its_lines_but_no_docstring(packed):  # noqa: ARG001
    source = (FUNCTION / "inference/advice/economics.py").read_text("utf-8")

    stripped = runpy.run_path("inference/later.py")["SOURCE"]["inference.advice.economics"]

    lines = dict(enumerate(stripped.splitlines()))
    kept = [line for number, line in enumerate(source.splitlines()) if lines[number] == line]
    assert len(lines) == len(source.splitlines())
    assert ast.dump(ast.parse(stripped)) == ast.dump(without_docstrings(source))
    assert len(kept) > len(lines) / 2


def test_without_a_python_to_pack_for_the_source_says_its_build(tmp_path, monkeypatch):
    shutil.copytree(FUNCTION / "inference", tmp_path / "inference")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["pack.py"])

    runpy.run_path(str(FUNCTION / "pack.py"), run_name="__main__")

    build = runpy.run_path("inference/__init__.py")["BUILD"]
    assert re.fullmatch("sha-[0-9a-f]{12}", build)
    assert Path("inference/endpoints/predict.py").is_file()


def test_all_of_inference_is_in_two_files(packed):  # noqa: ARG001
    assert {path.as_posix() for path in Path("inference").rglob("*")} == {
        "inference/__init__.py",
        "inference/later.py",
    }


def without_docstrings(source):
    """Return a module's tree without the docstrings of what has other statements, too."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and len(body) > 1 and isinstance(body[0], ast.Expr):
            del body[0]
    return tree


def test_nothing_is_packed_before_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    runpy.run_path(str(FUNCTION / "pack.py"))

    assert list(tmp_path.iterdir()) == []


def digest(folder, how="source"):
    return runpy.run_path(str(FUNCTION / "pack.py"))["digest_build"](folder, how)


def write(folder, **files):
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_build_is_told_by_content_and_names_and_how_it_is_packed(tmp_path):
    first = write(tmp_path / "1", a="x", b="y")

    assert digest(first) == digest(write(tmp_path / "2", b="y", a="x"))
    others = [write(tmp_path / "3", a="x", b="z"), write(tmp_path / "4", a="xb", c="y")]
    builds = {digest(first), digest(first, "3.14.8"), *map(digest, others)}
    assert len(builds) == 4


@pytest.mark.usefixtures("store")
def test_log_line_names_the_build_that_is_packed(packed, event):  # noqa: ARG001
    source = Path("inference/__init__.py").read_text("utf-8")

    (line,), _, _ = run(event("GET", "/health"))

    assert re.fullmatch(r"sha-[0-9a-f]{12}", line["build"])
    assert source.startswith(f"BUILD = '{line['build']}'")


@pytest.mark.usefixtures("store")
def test_build_that_stays_source_is_named_too(tmp_path, monkeypatch, event):
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(FUNCTION, tmp_path / "function", ignore=ignore)
    monkeypatch.chdir(tmp_path / "function")
    monkeypatch.setattr(sys, "argv", ["pack.py"])
    expected = digest(tmp_path / "function")

    runpy.run_path("pack.py", run_name="__main__")

    (line,), _, beside = run(event("GET", "/health"))
    assert line["build"] == expected
    assert "inference.endpoints.health" in beside
