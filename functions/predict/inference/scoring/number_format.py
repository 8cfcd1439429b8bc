"""Numbers as spreadsheets write them: a decimal comma, thousands in groups, a unit beside them.

A text has one meaning once the decimal mark is known; which mark a column has, training finds out
and the model file says (`number_format`, docs/artifact.md). Loaded only where a file says so.
"""

import re
from math import isfinite

MARK_NAMES = {".": "point", ",": "comma"}
PERCENT = "%"  # 12 % is read as 12

_UNIT = re.compile(
    r"%|R\$|[$\u00a2-\u00a5\u20a0-\u20c0\u0e3f]|zł|kr\.?|Kč|Ft|lei|Fr\."
    r"|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|MXN|NOK|NZD|PLN|RON|SEK|TRY|USD|ZAR"
)
_SPACES = " \u00a0\u202f"


def _compile(decimal: str, other: str) -> re.Pattern[str]:
    mark, groups = re.escape(decimal), f"[{other}{_SPACES}'\u2019]"
    whole = rf"\d+|[1-9]\d{{0,2}}({groups})\d{{3}}(?:\1\d{{3}})*"
    return re.compile(rf"[+-]?(?:(?:{whole})(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?", re.ASCII)


_PATTERNS = {".": _compile(".", ","), ",": _compile(",", ".")}


def read_formatted_number(text: str, decimal: str, unit: str | None = None) -> float | None:
    """Return the finite number that a text spells, or None.

    Args:
        text: digits, in groups of three or not, with the decimal mark or without.
        decimal: "." or ",".
        unit: a currency or % that may stand before or behind the number.
    """
    text = text.strip()
    if unit:
        text = strip_unit(text, unit)
    if not _PATTERNS[decimal].fullmatch(text):
        return None
    digits = "".join(c for c in text if c.isdigit() or c in f"+-eE{decimal}")
    number = float(digits.replace(decimal, "."))
    return number if isfinite(number) else None


def strip_unit(text: str, unit: str) -> str:
    """Return a text without the unit before or behind its number; a sign stays in front."""
    sign = text[:1] if text[:1] in ("+", "-") else ""
    rest = text[len(sign) :].strip()
    if rest.startswith(unit):
        rest = rest[len(unit) :].lstrip()
    elif rest.endswith(unit):
        rest = rest[: -len(unit)].rstrip()
    return sign + rest


def find_unit(text: str) -> str | None:
    """Return the currency or % before or behind a text's number, or None."""
    found = _UNIT.search(text)
    return found.group() if found else None
