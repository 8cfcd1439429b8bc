"""Pack the bytecode of modules of `inference` into its `__init__`; run by `sam build`, not shipped.

Finding, opening and checking a file for each module is a fifth of a cold start's work. One file
has them all instead, and hands out what is asked for; a module that isn't in it is found beside
it as ever, without its docstrings.
"""

import ast
import sys
from hashlib import sha256
from marshal import dumps
from pathlib import Path

INIT = "inference/__init__.py"

_LOADER = """
import sys
from _frozen_importlib import ModuleSpec
from marshal import loads

class Packed:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in CODE:
            return None
        spec = ModuleSpec(name, Packed, is_package=name in PACKAGES)
        if name in PACKAGES:
            spec.submodule_search_locations.append(
                __path__[0] + name.removeprefix("inference").replace(".", "/"))
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        exec(loads(CODE[module.__name__]), module.__dict__)

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
    for beside in Path("inference").glob("*/*.py"):
        beside.write_text(strip_docstrings(beside.read_text("utf-8")), "utf-8")


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

    The Python that runs this must be the one that will load it; without column numbers
    (`-X no_debug_ranges`) the code is half as large.

    Args:
        names: of the modules' files, from the working directory.
        build: what `inference.BUILD` says.
    """
    code: dict[str, bytes] = {}
    packages = []
    for name in names:
        module = name.removesuffix(".py").replace("/", ".")
        if module.endswith(".__init__"):
            module = module.removesuffix(".__init__")
            packages.append(module)
        source = Path(name).read_bytes()
        code[module] = dumps(compile(source, name, "exec", dont_inherit=True, optimize=2))
    for name in names:
        Path(name).unlink()
    values = f"BUILD = {build!r}\nCODE = {code!r}\nPACKAGES = {packages!r}\n"
    Path(INIT).write_text(values + _LOADER, "utf-8")


def strip_docstrings(source: str) -> str:
    """Return a module without its docstrings; each line of code stays on its line.

    What has nothing but a docstring keeps it.
    """
    lines = source.splitlines()
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, kinds) and ast.get_docstring(node) and len(node.body) > 1:
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
