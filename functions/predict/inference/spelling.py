"""Which name somebody may have meant who wrote another one."""

from collections.abc import Iterable
from difflib import get_close_matches

MIN_LIKENESS = 0.8  # of difflib: 1 is equal; "treshold" is 0.94 like "threshold"
MAX_STRETCH = 2  # a name of more than so many times the other's length is no misspelling of it


def find_nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to a name, or None where none is near.

    One that differs in nothing but case, spaces and punctuation comes first.
    Names may be a caller's: what is too long to be meant isn't compared.
    """
    plain = _plain(name)
    near: dict[str, str] = {}
    for text in candidates:
        if len(text) <= MAX_STRETCH * len(name) and len(name) <= MAX_STRETCH * len(text):
            near.setdefault(_plain(text), text)
    close = [plain] if plain in near else get_close_matches(plain, near, 1, MIN_LIKENESS)
    return near[close[0]] if close else None


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
