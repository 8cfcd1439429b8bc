"""The report's files: where they lie beside the model's, and which model version they tell of.

Needs no plotting library, so that publishing loads none.
"""

import re
from pathlib import Path

from model.errors import ModelError
from model.export import write_artifact

REPORT_NAME = "report.html"
PLOTS_FOLDER = "report"
VERSION_NAME = "model-version"  # of the page's meta element

_VERSION = re.compile(rb'<meta name="model-version" content="([^"]*)">')
_HEAD_BYTES = 2_000  # the element stands near the top
_EFFECTS = "effect-*.png"  # a table with fewer features leaves none of another's behind


def write_report(html: bytes, plots: dict[str, bytes], out: Path) -> Path:
    """Write page and plots into a folder, each file whole or not at all; return the page's path.

    Raises:
        ModelError: the folder can't be written to.
    """
    page, folder = out / REPORT_NAME, out / PLOTS_FOLDER
    try:
        for stale in folder.glob(_EFFECTS):
            if stale.stem not in plots:
                stale.unlink()
        for name, png in plots.items():
            write_artifact(png, folder / f"{name}.png")
        write_artifact(html, page)
    except OSError as error:
        raise ModelError(f"{out}: can't be written to ({error.strerror})") from error
    return page


def read_report_version(html: bytes) -> str | None:
    """Return the model version that a report tells of, or None if it is no report of ours."""
    found = _VERSION.search(html[:_HEAD_BYTES])
    return found[1].decode("utf-8", "replace") if found else None
