"""Imports go one way through the function's rooms, downwards; lazy ones too."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

FUNCTION = Path(__file__).parents[2] / "functions/predict"
# What a room may import of the others; a file beside the rooms is a room of its own.
BELOW = {
    "errors": set(),
    "spelling": set(),
    "csv_dialect": set(),
    "digest": {"errors"},
    "http_api": {"errors", "spelling", "csv_dialect"},
    "scoring": {"errors", "digest", "spelling"},
    "advice": {"errors", "scoring"},
    "columns": {"scoring"},
    "live": {"errors", "digest", "scoring"},
    "telemetry": {"errors", "http_api", "live"},
    "bulk": {
        "errors",
        "spelling",
        "csv_dialect",
        "http_api",
        "scoring",
        "advice",
        "columns",
        "monitoring",
    },
    "monitoring": {"errors", "scoring", "columns", "live"},
    "shadow": {"errors", "scoring", "columns", "live", "monitoring"},
    "endpoints": {
        "errors",
        "spelling",
        "http_api",
        "scoring",
        "advice",
        "columns",
        "live",
        "monitoring",
    },
}
MODULES = {
    ".".join(path.relative_to(FUNCTION).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FUNCTION.rglob("*.py")
}


def imported(module):
    """Return all modules that one imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES.keys()
            names |= inner or {node.module}
    return names


def room(module):
    return module.split(".")[1]


def test_every_room_is_known():
    rooms = {room(module) for module in MODULES if module.startswith("inference.")}

    assert rooms == BELOW.keys()


@pytest.mark.parametrize("module", [name for name in sorted(MODULES) if "inference." in name])
def test_module_imports_its_own_room_and_those_below(module):
    names = {name for name in imported(module) if name.startswith("inference.")}

    assert {room(name) for name in names} <= BELOW[room(module)] | {room(module)}


def test_no_import_leads_back():
    graph = {module: imported(module) & MODULES.keys() for module in MODULES}

    order = list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle

    assert set(order) == MODULES.keys()
