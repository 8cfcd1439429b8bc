"""Who is measured: each contender's package, model and environment, as folders and variables."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.models import model_file
from benchmarks.packages import COMPILED, LIBRARIES
from benchmarks.workspace import Workspace

EMPTY = "empty handler"
FIRST = "first version"
ONNX = "onnxruntime"
SKLEARN = "scikit-learn"
ONNX_COMPILED = "onnxruntime, with bytecode"
SKLEARN_COMPILED = "scikit-learn, with bytecode"
OURS = "this project"
SCORER = "its scorer alone"  # without the checks of each field: what the format could do

_TASKS = Path(__file__).parent / "tasks"
_FOLDERS = {
    EMPTY: "empty",
    FIRST: "first_version",
    ONNX: "onnxruntime",
    ONNX_COMPILED: "onnxruntime",
    SKLEARN: "scikit_learn",
    SKLEARN_COMPILED: "scikit_learn",
    OURS: "this_project",
    SCORER: "scorer_alone",
}
_SUFFIXES = {"onnxruntime": "onnx", "scikit_learn": "pickle"}


@dataclass(frozen=True)
class Contender:
    """One way to score, with one of `models.MODELS`; the empty handler has none."""

    name: str
    model: str = ""

    @property
    def file(self) -> str:
        """Name of the model's file in the form that the contender reads."""
        if not self.model:
            return ""
        if (self.name, self.model) == (FIRST, "100 trees"):
            return "naive-trees.json"
        return model_file(self.model, _SUFFIXES.get(_FOLDERS[self.name], "json"))

    @property
    def library(self) -> str | None:
        """The library that its package holds; None where the runtime has all it needs."""
        folder = _FOLDERS[self.name]
        return folder if folder in LIBRARIES else None


def is_installed(contender: Contender, workspace: Workspace) -> bool:
    """Return whether the library that a contender needs is there."""
    return contender.library is None or contender.library in workspace.libraries


def list_mounts(contender: Contender, workspace: Workspace) -> dict[str, Path]:
    """Return what its container sees: place -> folder.

    `/var/task` and `/opt/python` are where Lambda puts a package; `/scorer` has its scoring alone.
    """
    task = _TASKS / _FOLDERS[contender.name]
    mounts = {
        "/var/task": workspace.function if contender.name in (OURS, SCORER) else task,
        "/scorer": task,
        "/models": workspace.models,
    }
    if contender.library is not None:
        is_compiled = contender.name in (ONNX_COMPILED, SKLEARN_COMPILED)
        folder = contender.library + (COMPILED if is_compiled else "")
        mounts["/opt/python"] = workspace.packages / folder
    return mounts
