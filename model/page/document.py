"""The page's modules, style and frame become one HTML document, with a model inside or without.

A browser opens no module that lies beside a file, and a policy of hashes knows whole scripts only,
so each module becomes a function in one script; what it imports and exports goes by their names.
"""

import re
from pathlib import Path

from model.page.policy import NOBODY, OWN_SERVER, build_policy

FOLDER = Path(__file__).resolve().parent
ENTRY = "main.js"

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "([^"]+)";\n', re.MULTILINE)
# Comments that have lines of their own, and indentation; no text of the page spans lines.
_UNREAD = re.compile(r"^[ \t]*(?:/\*\*.*?\*/|//[^\n]*)\n|^[ \t]+", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)


def build_document(model: str) -> str:
    """Return the page, which works as a file: it asks nobody for anything.

    Args:
        model: text of the model file.
    """
    # A data block ends at the first "</script": without "<" there is none, and JSON stays equal.
    return _fill_frame(model.replace("<", "\\u003c"), NOBODY)


def build_served_document() -> str:
    """Return the page as the function's package holds it: it asks the API for the model."""
    return _fill_frame("", OWN_SERVER)


def _fill_frame(model: str, addresses: str) -> str:
    script, style = build_script(), (FOLDER / "style.css").read_text("utf-8")
    parts = {
        "/* style */": style,
        "/* script */": script,
        "/* policy */": build_policy(script, style, addresses),
        "/* model */": model,
    }
    pattern = re.compile("|".join(map(re.escape, parts)))
    frame = (FOLDER / "index.html").read_text("utf-8")
    return pattern.sub(lambda place: parts[place[0]], frame)


def build_script() -> str:
    """Return the page's script: every module that the entry needs, once, after what it imports.

    Of the comments only those stay that share a line with code.
    """
    packed: dict[str, str] = {}
    _pack(FOLDER / ENTRY, packed)
    return "\n".join(['"use strict";', "const modules = {};", *packed.values()])


def _pack(path: Path, packed: dict[str, str]) -> None:
    """Add a module's function to the packed ones, after those of its imports."""
    name = path.relative_to(FOLDER).as_posix()
    if name in packed:
        return
    source = path.read_text("utf-8")
    for _, address in _IMPORT.findall(source):
        _pack((path.parent / address).resolve(), packed)
    exported = ", ".join(_EXPORT.findall(source))
    body = _IMPORT.sub(lambda found: _to_constants(found, path), source)
    body = _UNREAD.sub("", _EXPORT.sub("", body))
    packed[name] = f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();\n'


def _to_constants(found: re.Match[str], path: Path) -> str:
    name = (path.parent / found[2]).resolve().relative_to(FOLDER).as_posix()
    names = found[1].replace(" as ", ": ")
    return f'const {names} = modules["{name}"];\n'
