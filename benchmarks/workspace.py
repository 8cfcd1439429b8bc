"""What the benchmarks need to start: models, libraries, the built function, certificates."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.certificates import write_certificates
from benchmarks.containers import ROOT, NoImageError, require_image
from benchmarks.models import write_models
from benchmarks.packages import LIBRARIES, PackageError, install_library

_FOLDER = ROOT / "build/bench"


@dataclass(frozen=True)
class Workspace:
    """Where it all lies.

    Attributes:
        data: which customers the models learned from.
        has_image: Docker has the image of Lambda's Python.
        libraries: those that are installed for it.
        gaps: what is missing on this machine, and why.
        function: the package as `sam build` makes it.
    """

    data: Mapping[str, Any]
    has_image: bool
    libraries: frozenset[str]
    gaps: tuple[str, ...]
    models: Path = _FOLDER / "models"
    packages: Path = _FOLDER / "packages"
    function: Path = _FOLDER / "sam/PredictFunction"
    certificates: Path = _FOLDER / "tls"


def prepare(csv: Path | None = None) -> Workspace:
    """Return a workspace, made anew but for libraries that are already installed."""
    write_certificates(Workspace.certificates)
    _build_function()
    data = write_models(csv, Workspace.models)
    try:
        require_image()
    except NoImageError as error:
        gap = f"no cold starts, and scoring on this machine's own Python: {error}"
        return Workspace(data, False, frozenset(LIBRARIES), (gap,))
    gaps = {library: _install(library) for library in LIBRARIES}
    installed = frozenset(library for library, gap in gaps.items() if gap is None)
    return Workspace(data, True, installed, tuple(gap for gap in gaps.values() if gap))


def _install(library: str) -> str | None:
    try:
        install_library(library, Workspace.packages / library)
    except PackageError as error:
        return f"not compared with {library}: {error}"
    return None


def _build_function() -> None:
    sam = Path(sys.executable).with_name("sam")
    build_dir = Workspace.function.parent
    result = subprocess.run(  # noqa: S603  our own words
        [sam, "build", "--build-dir", build_dir, "--cache-dir", build_dir / "cache"],
        cwd=ROOT,
        env=os.environ | {"SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise SystemExit(f"sam build failed\n{result.stderr.strip()}")
