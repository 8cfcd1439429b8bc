"""The members of a request: its records, and the options that stand beside them."""

from collections.abc import Callable
from itertools import islice

from inference.errors import BodyError, TooLargeError
from inference.http_api.json_body import parse_json

MAX_RECORDS = 10_000  # per request

_MAX_NAMES = 100  # unknown members that are compared with the options

Read = Callable[[object], object]  # raises BodyError


def read_records(document: dict) -> list:
    """Return the records of a request, as they were sent.

    Raises:
        BodyError: none.
        TooLargeError: more than MAX_RECORDS.
    """
    records = document.get("records")
    if not isinstance(records, list) or not records:
        raise BodyError(f"records: expected a list of 1 to {MAX_RECORDS:,} objects")
    if len(records) > MAX_RECORDS:
        raise TooLargeError(f"records: expected at most {MAX_RECORDS:,}, got {len(records):,}")
    return records


def read_options(
    document: dict, query: dict[str, str], subject: str, readers: dict[str, Read]
) -> dict:
    """Return the options of a request, checked.

    Other members are ignored, unless their name is nearly one of ours.

    Args:
        document: what the body holds.
        query: parameter -> text; options may stand there too, which is how a CSV has some. Where
            an option stands in both, the body's counts.
        subject: the member that is no option.
        readers: option -> its check.

    Raises:
        BodyError: an option of the wrong type or range, or a name that is nearly one of them.
    """
    options = _check(document, readers)
    has_more = len(document) > len(options) + (subject in document)
    if query:
        options = _check(_parse_query(query, readers), readers) | options
    if has_more or query:
        _refuse_misspelt([*document, *query], [subject, *readers])
    return options


def _check(members: dict, readers: dict[str, Read]) -> dict:
    return {name: read(members[name]) for name, read in readers.items() if name in members}


def _parse_query(query: dict[str, str], readers: dict[str, Read]) -> dict:
    options = {}
    for name in readers.keys() & query.keys():
        try:
            options[name] = parse_json(query[name])
        except BodyError as error:
            raise BodyError(f"{name}: expected a JSON value in the query") from error
    return options


def read_count(name: str, value: object, most: int) -> int:
    """Return an option that counts something, from 1 on; 3.0 is 3.

    Raises:
        BodyError: anything else, or more than there may be.
    """
    if not isinstance(value, bool) and isinstance(value, int | float) and 1 <= value <= most:
        count = int(value)
        if count == value:
            return count
    raise BodyError(f"{name}: expected a whole number from 1 to {most:,}")


def read_threshold(value: object) -> float:
    """Return the probability from which on a label is 1.

    Raises:
        BodyError: no number from 0 to 1.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BodyError("threshold: expected a number from 0 to 1")
    return float(value)


def _refuse_misspelt(names: list[str], known: list[str]) -> None:
    """Refuse a name that is nearly an option's: ignoring it would change the answer silently."""
    from inference.spelling import find_nearest  # who sends nothing but options doesn't pay for it

    for name in islice((name for name in names if name not in known), _MAX_NAMES):
        near = find_nearest(name, known)
        if near:
            raise BodyError(f'unknown member "{name}"; did you mean "{near}"?')
