"""Pack the bytecode of modules of `inference` into its `__init__`; run by `sam build`, not shipped.

Finding, opening and checking a file for each module is a fifth of a cold start's work. One file
has those of a first answer instead, and hands out what is asked for. All others lie as source,
without docstrings and comments, in `inference/later.py`: one file compresses to two thirds of many.
"""

import ast
import sys
from collections.abc import Mapping
from hashlib import sha256
from io import StringIO
from marshal import dumps
from pathlib import Path
from tokenize import COMMENT, generate_tokens

INIT = "inference/__init__.py"
LATER = "inference/later.py"

_LOADER = """
import sys
from _frozen_importlib import ModuleSpec
from marshal import loads

class Packed:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in CODE and name not in LATER:
            return None
        place = __path__[0] + name.removeprefix("inference").replace(".", "/")
        is_package = name in PACKAGES
        spec = ModuleSpec(name, Packed, is_package=is_package)
        if is_package:
            spec.submodule_search_locations.append(place)
        if name in LATER:
            spec.origin = place + ("/__init__.py" if is_package else ".py")
            spec.has_location = True
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        name = module.__name__
        if name in CODE:
            exec(loads(CODE[name]), module.__dict__)
            return
        from inference.later import SOURCE
        exec(compile(SOURCE[name], module.__file__, "exec"), module.__dict__)

sys.meta_path.insert(0, Packed)
"""


def main(names: list[str]) -> None:
    """Pack the folder; without names only its build is noted, and all of it stays source."""
    build = digest_build(Path(), sys.version if names else "source")
    if not names:
        source = Path(INIT).read_text("utf-8")
        Path(INIT).write_text(source.replace('BUILD = "source"', f'BUILD = "{build}"'), "utf-8")
        return
    pack(names, build)


def digest_build(folder: Path, how: str) -> str:
    """Return what tells a package from any other: a hash of its files' names and bytes.

    Args:
        folder: of the package before it is packed.
        how: it is going to be packed; the same source makes other bytecode in another Python.
    """
    content = sha256(how.encode())
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "pack.py"]
    for path in sorted(paths):
        content.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
        content.update(path.read_bytes())
    return f"sha-{content.hexdigest()[:12]}"


def pack(names: list[str], build: str) -> None:
    """Write `inference/__init__.py` anew, with the code of modules in it, in place of their files.

    The other modules of `inference` become `inference/later.py`. The Python that runs this must be
    the one that will load it; without column numbers (`-X no_debug_ranges`) the code is half as
    large.

    Args:
        names: of the modules' files, from the working directory.
        build: what `inference.BUILD` says.
    """
    others = sorted(path.as_posix() for path in Path("inference").rglob("*.py"))
    others = [name for name in others if name not in names]
    code = {name_module(name): _compile(name) for name in names}
    later = {name_module(name): strip_prose(Path(name).read_text("utf-8")) for name in others}
    both = [*names, *others]
    values = {
        "BUILD": build,
        "CODE": code,
        "LATER": set(later),
        "PACKAGES": {name_module(name) for name in both if name.endswith("/__init__.py")},
    }
    for name in both:
        Path(name).unlink()
    for room in {Path(name).parent for name in both} - {Path(INIT).parent}:
        room.rmdir()
    Path(INIT).write_text(_assign(values) + _LOADER, "utf-8")
    Path(LATER).write_text(_assign({"SOURCE": later}), "utf-8")


def name_module(path: str) -> str:
    """Return the name by which a module's file is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _compile(name: str) -> bytes:
    return dumps(compile(Path(name).read_bytes(), name, "exec", dont_inherit=True, optimize=2))


def _assign(values: Mapping[str, object]) -> str:
    return "".join(f"{name} = {_write(value)}\n" for name, value in values.items())


def _write(value: object) -> str:
    """Return a literal, the same for the same value: a set has no order."""
    return f"{{{', '.join(map(repr, sorted(value)))}}}" if isinstance(value, set) else repr(value)


def strip_prose(source: str) -> str:
    """Return a module without docstrings and comments; each line of code stays on its line.

    What has nothing but a docstring keeps it.
    """
    lines = source.splitlines()
    for kind, _, (row, column), _, _ in generate_tokens(StringIO(source).readline):
        if kind == COMMENT:
            lines[row - 1] = lines[row - 1][:column].rstrip()
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, kinds) and ast.get_docstring(node) and len(node.body) > 1:
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
