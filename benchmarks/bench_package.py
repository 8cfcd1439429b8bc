"""How large is what gets deployed: zipped, as it is uploaded, and unpacked, as Lambda limits it?"""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.command import run_alone
from benchmarks.contenders import FIRST, ONNX, OURS, SKLEARN, Contender, is_installed, list_mounts
from benchmarks.workspace import Workspace

CONTENDERS = (
    Contender(FIRST, "linear"),
    Contender(ONNX, "100 trees"),
    Contender(SKLEARN, "100 trees"),
    Contender(OURS, "100 trees"),
)
PACKAGED = (ONNX, SKLEARN)  # the others read their model from S3
PACKAGE_FOLDERS = ("/var/task", "/opt/python")


def main() -> None:
    """Run this benchmark alone."""
    run_alone(measure, __doc__, 1)


def measure(workspace: Workspace, _rounds: int = 1) -> list[dict[str, Any]]:
    """Return per contender the bytes of its package and of its model."""
    return [
        _to_row(contender, workspace)
        for contender in CONTENDERS
        if contender.name not in PACKAGED or _is_packaged(contender, workspace)
    ]


def _is_packaged(contender: Contender, workspace: Workspace) -> bool:
    return workspace.has_image and is_installed(contender, workspace)


def _to_row(contender: Contender, workspace: Workspace) -> dict[str, Any]:
    mounts = list_mounts(contender, workspace)
    folders = [mounts[place] for place in PACKAGE_FOLDERS if place in mounts]
    model = workspace.models / contender.file
    files = [(path, folder) for folder in folders for path in _list_files(folder)]
    if contender.name in PACKAGED:
        files.append((model, model.parent))
    return {
        "name": contender.name,
        "model": contender.model,
        "zip_bytes": _count_compressed(files),
        "unpacked_bytes": sum(path.stat().st_size for path, _ in files),
        "model_bytes": model.stat().st_size,
    }


def _list_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _count_compressed(files: Iterable[tuple[Path, Path]]) -> int:
    """Return the bytes of a zip file, compressed as SAM CLI does."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, folder in files:
            archive.write(path, path.relative_to(folder))
    return content.tell()


if __name__ == "__main__":
    main()
