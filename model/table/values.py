"""What one text of a table means: a blank, a number, or neither."""

import math
import re
from collections.abc import Collection, Iterable

# Spellings of "no number here" that other programs write; never read as blank unasked.
_NO_NUMBER = re.compile(
    r"#?n/?a|nan|null|none|nil|missing|unknown|\?|-+|\.|[+-]?inf(inity)?", re.IGNORECASE
)


def is_blank(text: str, blanks: Collection[str] = ()) -> bool:
    """Return whether a text is a missing value: nothing, white space, or one of `blanks`."""
    stripped = text.strip()
    return not stripped or stripped in blanks


def read_number(text: str) -> float | None:
    """Return the finite decimal number that a text spells, correctly rounded, or None.

    White space around it is fine; infinities, NaN, `1_000` and digits of other scripts are not.
    """
    if "_" in text or not text.isascii():
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def is_placeholder(text: str) -> bool:
    """Return whether a text is a common spelling of a missing or infinite number, such as NA."""
    return _NO_NUMBER.fullmatch(text.strip()) is not None


def known_texts(texts: Iterable[str], blanks: Collection[str]) -> list[str]:
    """Return those of a column's texts that aren't missing values."""
    return [text for text in texts if not is_blank(text, blanks)]


def not_numbers(texts: Iterable[str]) -> set[str]:
    """Return those texts that are no plain numbers."""
    return {text for text in texts if read_number(text) is None}
