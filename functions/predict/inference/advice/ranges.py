"""Which numbers go with a category in a part of their range only, and how a change moves them.

Training finds them (model/export/ranges.py); a model file without any moves nothing.
"""

from math import inf, isnan, nan

from inference.advice.companions import Change, list_values, read_limits
from inference.errors import ArtifactError

Bounds = dict[Change, tuple[float, float]]  # the least and the greatest number beside a category
Ranges = list[tuple[int, bool, Bounds]]  # place of the number, and whether it may follow a change


def read_ranges(schema: dict) -> Ranges:
    """Return the numbers that some categories hold in a part of their range.

    Args:
        schema: the model file's; its `companions` are described in docs/artifact.md.

    Raises:
        ArtifactError: they name a number or a category that isn't there.
    """
    features = schema["features"]
    values = list_values(features)
    try:
        return [
            (_check_number(features, place), bool(may_follow), _read_bounds(values, lows, highs))
            for place, may_follow, lows, highs in read_limits(schema, "ranges")
        ]
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise ArtifactError("companions: expected ranges of the schema's numbers") from error


def move_numbers(ranges: Ranges, values: tuple, settled: dict) -> dict | None:
    """Return the changes with the numbers that have to move to the nearest end of a range, or None.

    None where a number may not follow, or where no number goes with all categories. A missing
    number stays, and so does one beside which nothing changes.

    Args:
        ranges: as `read_ranges` returns them.
        values: the customer's, in the schema's order.
        settled: place -> value, all that changes but numbers that follow.
    """
    moved = dict(settled)
    for place, may_follow, bounds in ranges:
        number, is_chosen = settled.get(place, values[place]), place in settled
        if isnan(number) or (not is_chosen and _move(number, bounds, settled) == number):
            continue
        near = _move(number, bounds, dict(enumerate(values)) | settled)
        if not (near == number if is_chosen else may_follow and not isnan(near)):
            return None
        moved[place] = near
    return moved


def _move(number: float, bounds: Bounds, changes: dict) -> float:
    """Return the nearest number that goes with some values, or NaN where none does."""
    limits = [bounds[change] for change in changes.items() if change in bounds]
    low = max((low for low, _ in limits), default=-inf)
    high = min((high for _, high in limits), default=inf)
    return min(max(number, low), high) if low <= high else nan


def _check_number(features: list, place: int) -> int:
    if place < 0 or features[place]["kind"] != "number":
        raise IndexError
    return place


def _read_bounds(values: list[Change], lows: list, highs: list) -> Bounds:
    if any(value < 0 for value, _ in (*lows, *highs)):
        raise IndexError
    bounds = {values[value]: (float(low), inf) for value, low in lows}
    for value, high in highs:
        low, _ = bounds.get(values[value], (-inf, inf))
        bounds[values[value]] = low, float(high)
    return bounds
