"""One record becomes one row, by the artifact's schema: types, blanks, categories, misspelt fields.

A row is a tuple of numbers and a tuple of category texts, each in the schema's order.
No message holds a value of the record: it is customer data.
"""

import sys
from collections.abc import Iterator
from itertools import islice
from math import inf, nan

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, NumberFormat

Category = str | tuple[()]
Numbers = tuple[float, ...]
Categories = tuple[Category, ...]

UNSEEN: Category = ()  # a category that training never saw; no JSON or CSV value equals it
MAX_UNKNOWN = 100  # field names looked at for misspellings; a hostile record may have a million

_NUMBER_CHARACTERS = frozenset("0123456789+-.eE")
_TYPE_NAMES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


class RecordError(Exception):
    """A record that can't be scored; `problems` has (field or None, message) in field order."""

    def __init__(self, problems: list[tuple[str | None, str]]) -> None:
        super().__init__(f"{len(problems)} bad fields")
        self.problems = problems


class FieldError(Exception):
    """A field that can't be read; its message is for the caller."""


def encode_record(
    record: object, features: "list[Feature]", *, has_suggestions: bool = True
) -> tuple[Numbers, Categories, list[tuple[str, str]]]:
    """Return the row of one customer, and (field, message) for all that was assumed on the way.

    Args:
        record: field name -> JSON value, as the client sent it.
        features: the schema's features; their order is the row's order.
        has_suggestions: look for misspelt names of absent fields.

    Raises:
        RecordError: absent fields and wrong types, all of the record's together.
    """
    if not isinstance(record, dict):
        raise RecordError([(None, f"expected an object, got {_type_name(record)}")])
    unknown: list[str] = []
    row: dict[str, list] = {"number": [], "category": []}
    problems: list[tuple[str | None, str]] = []
    warnings: list[tuple[str, str]] = []
    for spec in features:
        name = spec["name"]
        warning: str | None
        if name not in record:
            if has_suggestions:
                unknown = unknown or _unknown_fields(record, features)
            problems.append((name, _absent_message(name, unknown)))
            continue
        try:
            value, warning = read_field(record[name], spec)
        except FieldError as error:
            problems.append((name, str(error)))
            continue
        row[spec["kind"]].append(value)
        if warning:
            warnings.append((name, warning))
    if problems:
        raise RecordError(problems)
    return tuple(row["number"]), tuple(row["category"]), warnings


def read_field(value: object, spec: "Feature") -> tuple[float | Category, str | None]:
    """Return a field's place in the row: a number or a category, and what was assumed, if anything.

    Raises:
        FieldError: a value of the wrong type.
    """
    return _read_number(value, spec) if spec["kind"] == "number" else _read_category(value, spec)


def _read_number(value: object, spec: "Feature") -> tuple[float, str | None]:
    if is_missing(value, spec):
        blank = spec["blank"]
        if blank is None:
            return nan, "blank; scored as missing, as in training"
        return blank, f"blank; scored as {blank!r}, as in training"
    number = _parse_number(value, spec.get("number_format"))
    if spec.get("min") is not None and not spec["min"] <= number <= spec["max"]:
        return number, f"outside the training range {spec['min']!r} to {spec['max']!r}"
    return number, None


def _parse_number(value: object, number_format: "NumberFormat | None") -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise FieldError(f"expected a number, got {_type_name(value)}")
    if isinstance(value, str) and number_format:
        return _parse_formatted(value, number_format)
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER_CHARACTERS.issuperset(value):
            raise FieldError("expected a number, got text")
    try:
        number = float(value)
    except ValueError as error:
        raise FieldError("expected a number, got text") from error
    except OverflowError:
        number = inf
    if not -inf < number < inf:
        raise FieldError("expected a finite number")
    return number


def _parse_formatted(text: str, number_format: "NumberFormat") -> float:
    # only a table that was written by a spreadsheet pays for it
    from inference.scoring.number_format import MARK_NAMES, read_formatted_number

    number = read_formatted_number(text, **number_format)
    if number is None:
        mark = MARK_NAMES[number_format["decimal"]]
        raise FieldError(f"expected a number with a decimal {mark}, got text")
    return number


def _read_category(value: object, spec: "Feature") -> tuple[Category, str | None]:
    known = spec["categories"]
    if is_missing(value, spec):
        blank = spec["blank"]
        if blank is None:
            treatment = "one of the rare" if spec.get("rare") else "none of the known"
            return UNSEEN, f"blank; scored as {treatment} categories"
        return blank, f'blank; scored as "{blank}", as in training'
    kept = spec.get("spellings", {})
    for text in _category_spellings(value):
        if kept.get(text, text) in known:
            return kept.get(text, text), None
    if not isinstance(value, str) and not (isinstance(value, int | float) and takes_numbers(spec)):
        raise FieldError(f"expected text, got {_type_name(value)}")
    hint = _respelt(value, known)
    if spec.get("rare"):  # nothing to warn of, unless it was meant to be another
        return UNSEEN, f"scored as one of the rare categories{hint}" if hint else None
    return UNSEEN, f"category not seen in training; scored as none of the known ones{hint}"


def takes_numbers(spec: "Feature") -> bool:
    """Return whether a category may be sent as a JSON number: some are numbers in the CSV."""
    return any(map(_is_numeric, spec["categories"]))


def is_blank(value: object) -> bool:
    """Return whether a value means unknown: null, or text with nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_missing(value: object, spec: "Feature") -> bool:
    """Return whether a value is blank, or a text that meant a missing value in training."""
    return is_blank(value) or (isinstance(value, str) and value.strip() in spec.get("missing", ()))


def _category_spellings(value: object) -> Iterator[str]:
    """Yield the texts that a CSV may have had for this JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool):
        yield from ("true", "True", "TRUE") if value else ("false", "False", "FALSE")
    elif isinstance(value, int | float):
        if isinstance(value, int) or value.is_integer():
            yield repr(int(value))
        if abs(value) <= sys.float_info.max:
            yield repr(float(value))


def _is_numeric(text: str) -> bool:
    return text[:1] in "0123456789-+" and _NUMBER_CHARACTERS.issuperset(text)


def _respelt(value: object, known: list[str]) -> str:
    if not isinstance(value, str):
        return ""
    plain = value.strip().casefold()
    close = [text for text in known if text.strip().casefold() == plain]
    return f'; did you mean "{close[0]}"?' if close else ""


def _unknown_fields(record: dict, features: "list[Feature]") -> list[str]:
    expected = {spec["name"] for spec in features}
    return list(islice((key for key in record if key not in expected), MAX_UNKNOWN))


def _absent_message(name: str, unknown: list[str]) -> str:
    if not unknown:
        return "missing"
    from inference.spelling import find_nearest  # only a request with a missing field pays for it

    near = find_nearest(name, unknown)
    return f'missing; unknown field "{near}"; did you mean "{name}"?' if near else "missing"


def _type_name(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "something else")
