"""The report's file, beside the model's, and the model version that it tells of.

Loads no library, so that publishing doesn't either.
"""

import re

VERSION_NAME = "model-version"  # of the page's meta element

_VERSION = re.compile(rb'<meta name="model-version" content="([^"]*)">')
_HEAD_BYTES = 2_000  # the element stands near the top


def read_report_version(html: bytes) -> str | None:
    """Return the model version that a report tells of, or None if it is no report of ours."""
    found = _VERSION.search(html[:_HEAD_BYTES])
    return found[1].decode("utf-8", "replace") if found else None
