"""The text of a body becomes JSON values; what two readers could read differently is refused."""

import json
from collections import Counter

from inference.errors import BodyError, TooLargeError

MAX_CONTAINERS = 200_000  # objects and lists per body; 5 MB of "[]," would take 200 MB of memory
MAX_NAME = 100  # characters of a member's name that is quoted

_HALF = "body: half of a surrogate pair stands in {}"


def parse_json(text: str) -> object:
    """Return the value that a JSON text holds.

    Raises:
        BodyError: not JSON, NaN or Infinity, a repeated member, half a surrogate pair, nested too
            deep, or an integer of more than 4,300 digits.
        TooLargeError: more than MAX_CONTAINERS objects and lists.
    """
    if text.startswith("\ufeff"):
        raise BodyError("body: starts with a byte order mark; send UTF-8 without one")
    if text.count("{") + text.count("[") > MAX_CONTAINERS:
        raise TooLargeError(f"body: expected at most {MAX_CONTAINERS:,} objects and lists")
    try:
        value = _DECODER.decode(text)
        if text.count(":") != _count_members(value):
            _STRICT_DECODER.decode(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BodyError(f"body: expected JSON; it stops making sense at {where}") from error
    except UnicodeEncodeError as error:
        _NAMING_DECODER.decode(text)
        raise BodyError(_HALF.format("a text")) from error
    except RecursionError as error:
        raise BodyError("body: nested too deep") from error
    except ValueError as error:
        raise BodyError("body: a number has more than 4,300 digits") from error
    return value


def _count_members(value: object) -> int:
    """Return how many members were read from the places where a request has them.

    Each member has a colon in the text. As many colons as members: none was repeated. More of
    them, in a text or deeper down, and the strict decoder has to look.
    """
    if not isinstance(value, dict):
        return 0
    inner = [len(member) for member in value.values() if isinstance(member, dict)]
    records = value.get("records")
    if isinstance(records, list):
        inner += [len(record) for record in records if isinstance(record, dict)]
    return len(value) + sum(inner)


def _refuse_constant(_: str) -> float:
    raise BodyError("body: NaN and Infinity aren't JSON; send null for what is unknown")


def _refuse_repeated(members: list[tuple[str, object]]) -> dict:
    value = dict(members)
    if len(value) == len(members):
        return value
    counts = Counter(name for name, _ in members)
    name = max(counts, key=counts.__getitem__)
    if not _is_quotable(name):
        raise BodyError("body: an object has two members of one name")
    raise BodyError(f'body: "{name}" stands twice in an object')


def _name_half(members: list[tuple[str, object]]) -> None:
    """Refuse an object with half of a surrogate pair in a member's text, by the member's name."""
    for name, value in members:
        if isinstance(value, str) and not _is_whole(value) and _is_quotable(name):
            raise BodyError(_HALF.format(f'"{name}"'))


def _is_quotable(name: str) -> bool:
    return len(name) <= MAX_NAME and _is_whole(name)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_NAMING_DECODER = json.JSONDecoder(object_pairs_hook=_name_half)
_STRICT_DECODER = json.JSONDecoder(
    parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated
)
