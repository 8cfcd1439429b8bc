"""The libraries that functions are compared with, as a package for Lambda would hold them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.containers import ARCHITECTURE, IMAGE, PYTHON, ROOT

LIBRARIES = {
    "scikit_learn": ("scikit-learn", "pandas"),
    "onnxruntime": ("onnxruntime",),
}
COMPILED = "-compiled"
PINS = ROOT / "requirements.txt"
_MACHINE = {"x86_64": "x86_64", "arm64": "aarch64"}[ARCHITECTURE]
_PLATFORMS = (*(f"manylinux_2_{minor}" for minor in (28, 27, 17)), "manylinux2014")


class PackageError(Exception):
    """A library can't be had for Lambda's Python; the message has pip's or Docker's words."""


def install_library(name: str, folder: Path) -> None:
    """Install a library and what it needs for Lambda's Python, as `sam build` packs it.

    That is source only. Beside it comes a copy with bytecode, its name ending in COMPILED, as an
    installation inside the image would make it. The versions are those of requirements.txt; a
    folder that holds them is left as it is.

    Raises:
        PackageError: pip or Docker can't.
    """
    pins = PINS.read_text(encoding="utf-8")
    compiled = folder.with_name(name + COMPILED)
    stamp = compiled.with_suffix(".stamp")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == pins:
        return
    print(f"installing {', '.join(LIBRARIES[name])} for Lambda's Python", file=sys.stderr)
    for old in (folder, compiled):
        shutil.rmtree(old, ignore_errors=True)
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-compile", "--python-version=3.14", "--implementation=cp", "--only-binary=:all:"),
        *(f"--platform={platform}_{_MACHINE}" for platform in _PLATFORMS),
        *(f"--target={folder}", f"--constraint={PINS}", *LIBRARIES[name]),
    )
    shutil.copytree(folder, compiled, copy_function=os.link)
    _run(
        *("docker", "run", "--rm", f"--user={os.getuid()}:{os.getgid()}"),
        *(f"--volume={compiled.resolve()}:/opt/python", f"--entrypoint={PYTHON}", IMAGE),
        *("-m", "compileall", "-q", "-j0", "/opt/python"),
    )
    stamp.write_text(pins, encoding="utf-8")


def _run(*command: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  ours
    if result.returncode:
        raise PackageError(result.stderr.strip())
