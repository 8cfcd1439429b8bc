"""Libraries that a machine may lack, or lack a part of."""

from contextlib import suppress
from ctypes import CDLL, RTLD_GLOBAL
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest
import sklearn

OPENMP = "libgomp.so.1"


def import_library(name: str) -> ModuleType:
    """Return a module; skip the test where it, or a library of the system's, isn't there."""
    if name == "lightgbm":
        lend_openmp()
    return pytest.importorskip(name, exc_type=(ImportError, OSError))  # type: ignore[arg-type]


@cache
def lend_openmp() -> None:
    """Load OpenMP for LightGBM, which asks the system for it: scikit-learn's where there is none.

    That one has a name of its own, and a library is found loaded by the name that it says.
    """
    with suppress(OSError):
        CDLL(OPENMP)
        return
    for path in Path(sklearn.__file__).parents[1].glob("scikit_learn.libs/libgomp-*"):
        said = path.name.encode() + b"\0"
        renamed = path.read_bytes().replace(said, OPENMP.encode().ljust(len(said), b"\0"))
        with TemporaryDirectory() as folder:
            copy = Path(folder, OPENMP)
            copy.write_bytes(renamed)
            CDLL(str(copy), RTLD_GLOBAL)
