"""Libraries that a machine may lack, or lack a part of."""

from types import ModuleType

import pytest


def import_library(name: str) -> ModuleType:
    """Return a module; skip the test where it, or a library of the system's, isn't there."""
    return pytest.importorskip(name, exc_type=(ImportError, OSError))  # type: ignore[arg-type]
