"""Yes and no in other spellings: capitals, spaces around them, other words for the same."""

from collections.abc import Collection

import numpy as np

from model.reading.table import Column

YES = {
    "yes",
    "y",
    "true",
    "t",
    "1",
    "1.0",
    "ja",
    "j",
    "wahr",
    "oui",
    "vrai",
    "si",
    "sí",
    "sim",
    "tak",
}
NO = {
    "no",
    "n",
    "false",
    "f",
    "0",
    "0.0",
    "nein",
    "nej",
    "falsch",
    "non",
    "faux",
    "não",
    "nao",
    "nie",
}


def group_spellings(column: Column) -> dict[str, str]:
    """Return for each of a column's texts the most frequent spelling of the same value.

    Texts are the same value where they differ in capitals and spaces around them; where all of
    them are words for yes and no, all for yes are, and all for no.
    """
    plain = {text: _squeeze(text) for text in column.distinct}
    if set(plain.values()) <= YES | NO:
        plain = {text: "yes" if word in YES else "no" for text, word in plain.items()}
    return _keep_most_frequent(column, plain)


def means_yes(text: str) -> bool | None:
    """Return whether a text is a word for yes, or None where it is neither yes nor no."""
    word = _squeeze(text)
    return word in YES if word in YES | NO else None


def respell(column: Column, missing: Collection[str] = ()) -> dict[str, str]:
    """Return other spellings of yes and no in a column of categories: text -> the kept one.

    Other texts than yes and no may be codes, in which capitals matter.
    """
    plain = {
        text: word if (word := _squeeze(text)) in YES | NO and not word[0].isdigit() else text
        for text in column.distinct
        if text not in missing
    }
    kept = _keep_most_frequent(column, plain)
    return {text: label for text, label in kept.items() if text != label}


def _keep_most_frequent(column: Column, value_of: dict[str, str]) -> dict[str, str]:
    counts = np.bincount(column.codes, minlength=len(column.distinct))
    count_of = dict(zip(column.distinct, counts.tolist(), strict=True))
    kept: dict[str, str] = {}
    for text, value in value_of.items():
        if value not in kept or count_of[text] > count_of[kept[value]]:
            kept[value] = text
    return {text: kept[value] for text, value in value_of.items()}


def _squeeze(text: str) -> str:
    return text.strip().casefold()
