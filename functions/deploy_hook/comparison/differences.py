"""In what a new version's answer differs from the live one's: place and kind, never a value."""

import csv
import json
from collections.abc import Iterator
from io import StringIO

from comparison.answer import FAULT, OK, Answer
from comparison.questions import CSV, JSON

TOLERANCE = 1e-12  # between two numbers: the order of a sum may change, what it says may not
OWN_HEADERS = {"x-request-id"}  # of each request
MODEL_HEADER = {"x-model-version"}  # an error has it where an earlier request has loaded the model

Difference = tuple[str, str]  # place, such as `body.warnings[].field`, and what is other there


def find_differences(live: Answer | None, new: Answer, *, is_document: bool) -> list[Difference]:
    """Return in what the new answer differs; empty where it may take the live one's place.

    Args:
        live: None where there is no live version. One that is a fault of ours is no measure: the
            new one only mustn't be another fault.
        new: the other.
        is_document: the body describes the version itself, so that only its type is compared.
    """
    if new.crash:
        return [("answer", f"none, the new version ended with {new.crash}")]
    if live is None or live.status >= FAULT:
        allowed = {503} if live is None else {live.status}
        if new.status < FAULT or new.status in allowed:
            return []
        return [("status", f"{new.status}, a fault")]
    if live.status != new.status:
        return [("status", f"{new.status} instead of {live.status}")]
    if is_document:
        same = live.media_type == new.media_type
        return [] if same else [("header content-type", "changed")]
    ignored = OWN_HEADERS if live.status == OK else OWN_HEADERS | MODEL_HEADER
    headers = _compare_headers(live.headers, new.headers, ignored)
    return [*headers, *_compare_bodies(live, new)]


def _compare_headers(
    live: dict[str, str], new: dict[str, str], ignored: set[str]
) -> Iterator[Difference]:
    for name in sorted((live.keys() | new.keys()) - ignored):
        if name not in new:
            yield f"header {name}", "lost"
        elif name not in live:
            yield f"header {name}", "new"
        elif live[name] != new[name]:
            yield f"header {name}", "changed"


def _compare_bodies(live: Answer, new: Answer) -> Iterator[Difference]:
    try:
        yield from _compare("body", _parse(live), _parse(new))
    except ValueError:
        yield "body", f"not {new.media_type}"


def _parse(answer: Answer) -> object:
    """Return a body as a tree; a table's rows by its header's names, cells as numbers if they are.

    Raises:
        ValueError: it isn't what its type says.
    """
    if answer.media_type == JSON:
        return json.loads(answer.body)
    if answer.media_type == CSV:
        header, *rows = csv.reader(StringIO(answer.body))
        return [dict(zip(header, map(_read_cell, row), strict=True)) for row in rows]
    return answer.body


def _read_cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _compare(place: str, live: object, new: object) -> Iterator[Difference]:
    """Yield the differences of two trees; all items of a list share a place."""
    if isinstance(live, dict) and isinstance(new, dict):
        yield from _compare_members(place, live, new)
    elif isinstance(live, list) and isinstance(new, list):
        if len(live) != len(new):
            yield place, f"{len(new)} instead of {len(live)}"
        for left, right in zip(live, new, strict=False):
            yield from _compare(f"{place}[]", left, right)
    elif isinstance(live, float) and isinstance(new, int | float):
        if not abs(live - new) <= TOLERANCE:
            yield place, f"off by {abs(live - new):.1e}"
    elif type(live) is not type(new) or live != new:
        yield place, "changed"


def _compare_members(place: str, live: dict, new: dict) -> Iterator[Difference]:
    for name, value in live.items():
        inner = f"{place}.{name}"
        if name in new:
            yield from _compare(inner, value, new[name])
        else:
            yield inner, "lost"
    for name in new.keys() - live.keys():
        yield f"{place}.{name}", "new"
