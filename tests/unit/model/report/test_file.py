import subprocess
import sys

import pytest

from model.report.file import read_report_version


def test_version_is_read_from_the_page():
    html = b'<html><head><meta name="model-version" content="20261122T090000Z-0123456789ab">'

    assert read_report_version(html) == "20261122T090000Z-0123456789ab"


@pytest.mark.parametrize(
    "html",
    [b"", b"<p>20261122T090000Z-0123456789ab", b" " * 5_000 + b'<meta name="model-version">'],
    ids=["empty", "named in the text only", "not in the head"],
)
def test_other_pages_have_none(html):
    assert read_report_version(html) is None


def test_reading_a_version_loads_no_library():
    code = "import sys, model.report.file; print({'numpy', 'matplotlib'} & set(sys.modules))"

    result = subprocess.run(  # noqa: S603  this very Python
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout == "set()\n"
