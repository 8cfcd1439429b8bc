"""What Lambda receives: small, and nothing that its runtime lacks."""

import ast
import sys
import zipfile
from pathlib import Path

import pytest

FUNCTION = Path(__file__).parents[2] / "functions" / "predict"
MAX_PACKAGE_BYTES = 130_000  # compressed; what `sam build` leaves out is left out here
NEWER = {"_sha2"}  # of the standard library since 3.12
IMPORTABLE = sys.stdlib_module_names | NEWER | {"boto3", "botocore", "inference"}


def files():
    return [
        path
        for path in sorted(FUNCTION.rglob("*"))
        if path.is_file()
        and path.name not in {"Makefile", "pack.py"}
        and path.parent.name != "__pycache__"
        and path.parent.suffix != ".egg-info"
    ]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0] if node.level == 0 else "a relative import"


@pytest.mark.parametrize(
    "path", [path for path in files() if path.suffix == ".py"], ids=lambda path: path.name
)
def test_imports_are_in_the_lambda_runtime(path):
    assert set(imported(path)) - IMPORTABLE == set()


def test_package_is_below_its_size_limit(tmp_path):
    package = tmp_path / "package.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files():
            archive.write(path, path.relative_to(FUNCTION))

    assert package.stat().st_size < MAX_PACKAGE_BYTES


def test_package_holds_code_and_documents_only():
    assert {path.suffix for path in files()} <= {".py", ".json", ".html"}


def test_no_module_hides_one_of_the_standard_library():
    assert {path.stem for path in FUNCTION.iterdir()} & sys.stdlib_module_names == set()
