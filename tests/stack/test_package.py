"""What Lambda receives: small, and nothing that its runtime lacks."""

import ast
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app import ROUTES
from model.page.document import build_document, build_served_document

FUNCTION = Path(__file__).parents[2] / "functions" / "predict"
HOOK = FUNCTION.with_name("deploy_hook")
MAX_PACKAGE_BYTES = 130_000  # compressed
MAX_PAGE_BYTES = 40_000  # likewise
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


@pytest.mark.parametrize("path", sorted(HOOK.rglob("*.py")), ids=lambda path: path.name)
def test_hook_imports_what_is_in_the_lambda_runtime_and_its_own(path):
    assert set(imported(path)) - IMPORTABLE - {"comparison"} == set()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """What `sam build` makes of the function, here with the bytecode of this Python."""
    return build(tmp_path_factory.mktemp("package"), f"PYTHON={sys.executable}")


def build(folder, *words):
    words = ["build-PredictFunction", f"ARTIFACTS_DIR={folder}", *words]
    command = ["make", "--makefile", FUNCTION / "Makefile", *words]
    subprocess.run(command, cwd=FUNCTION, capture_output=True, check=True)  # noqa: S603  ours
    return folder


def reach(root, entries):
    """Return the files that modules import of the package, the entries with them."""
    found, waiting = set(), [root / entry for entry in entries]
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found |= {path, path.parent / "__init__.py"} - {root / "__init__.py"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                place = root / node.module.replace(".", "/")
                waiting += [place.with_suffix(".py")]
                waiting += [place / f"{alias.name}.py" for alias in node.names]
            if isinstance(node, ast.Import):
                names = [alias.name.replace(".", "/") for alias in node.names]
                waiting += [root / f"{name}.py" for name in names]
    return found


def compress(paths, folder):
    """Return the size of paths in a zip file."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.relative_to(folder))
    return content.tell()


def test_package_is_below_its_size_limit(package):
    assert compress([*package.rglob("*.*")], package) < MAX_PACKAGE_BYTES


def test_package_holds_code_and_documents_only(package):
    assert {path.suffix for path in package.rglob("*.*")} == {".py", ".pyc", ".json", ".html"}


def test_package_holds_what_its_routes_import_and_no_more(tmp_path):
    """Here as source, without a Python of Lambda's version; others have packages of their own."""
    folder = build(tmp_path, "PYTHON=none", "IMAGE=none")
    endpoints = {f"inference/endpoints/{name}.py" for name in ROUTES.values()}

    needed = reach(FUNCTION, {"app.py", "inference/__init__.py", *endpoints})

    packed = {path.relative_to(folder) for path in folder.rglob("*.py")}
    assert packed == {path.relative_to(FUNCTION) for path in needed}


def test_page_is_that_of_make_page_without_a_model(package):
    page = (package / "page.html").read_text("utf-8")
    script = "<script>(.*?)</script>"

    assert page == build_served_document()
    assert re.findall(script, page, re.DOTALL) == re.findall(
        script, build_document("{}"), re.DOTALL
    )


def test_page_is_below_its_size_limit(package):
    assert compress([package / "page.html"], package) < MAX_PAGE_BYTES


def test_no_module_hides_one_of_the_standard_library():
    assert {path.stem for path in FUNCTION.iterdir()} & sys.stdlib_module_names == set()


def test_monitors_package_has_all_that_it_imports_and_nothing_that_scores(tmp_path):
    make = ["make", "--silent", "build-MonitorFunction", f"ARTIFACTS_DIR={tmp_path}"]
    subprocess.run(make, cwd=FUNCTION, check=True)  # noqa: S603  our own words
    asked = "import sys; sys.path.insert(0, '.'); import monitor; print(monitor.__file__)"
    found = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    packed = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*.py")}
    ours = {("inference", name) for name in ("__init__.py", "monitoring")}
    assert Path(found.stdout.strip()) == tmp_path / "monitor.py"
    assert packed == {("monitor.py",)} | ours
