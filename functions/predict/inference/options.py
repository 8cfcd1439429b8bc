"""The members of a request: its records, and the options that stand beside them."""

from itertools import islice

from inference.errors import BodyError, TooLargeError
from inference.json_body import parse_json

MAX_RECORDS = 10_000  # per request
_MAX_NAMES = 100  # unknown members that are compared with the options
_MAX_NAME_LENGTH = 20  # longer ones are no misspelt option


def read_members(document: object, query: dict[str, str]) -> tuple[list, dict]:
    """Return the records of a request, as they were sent, and its options, checked.

    Other members are ignored, unless their name is nearly one of ours.

    Args:
        document: what the body holds.
        query: parameter -> text; options may stand there too, which is how a CSV has some. Where
            an option stands in both, the body's counts.

    Raises:
        BodyError: no object, no records in it, an option of the wrong type or range.
        TooLargeError: more than MAX_RECORDS.
    """
    if not isinstance(document, dict):
        raise BodyError('body: expected an object, {"records": [...]}')
    options = _read_options(document)
    has_more = len(document) > len(options) + ("records" in document)
    if query:
        options = _read_options(_parse_query(query)) | options
    if has_more or query:
        _refuse_misspelt([*document, *query])
    records = document.get("records")
    if not isinstance(records, list) or not records:
        raise BodyError(f"records: expected a list of 1 to {MAX_RECORDS:,} objects")
    if len(records) > MAX_RECORDS:
        raise TooLargeError(f"records: expected at most {MAX_RECORDS:,}, got {len(records):,}")
    return records, options


def _read_options(members: dict) -> dict:
    return {name: read(members[name]) for name, read in READERS.items() if name in members}


def _parse_query(query: dict[str, str]) -> dict:
    options = {}
    for name in READERS.keys() & query.keys():
        try:
            options[name] = parse_json(query[name])
        except BodyError as error:
            raise BodyError(f"{name}: expected a JSON value in the query") from error
    return options


def _read_threshold(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BodyError("threshold: expected a number from 0 to 1")
    return float(value)


def _refuse_misspelt(names: list[str]) -> None:
    """Refuse a name that is nearly an option's: ignoring it would change the answer silently."""
    from difflib import get_close_matches  # a request with nothing but options doesn't pay for it

    known = ["records", *READERS]
    unknown = (name for name in names if name not in known and len(name) <= _MAX_NAME_LENGTH)
    for name in islice(unknown, _MAX_NAMES):
        close = get_close_matches(name.casefold(), known, n=1, cutoff=0.8)
        if close:
            raise BodyError(f'unknown member "{name}"; did you mean "{close[0]}"?')


READERS = {"threshold": _read_threshold}  # option -> its check
