"""Which changes to one customer's record would lower the churn probability most.

Fields are changed one and two at a time, with what these bring along, and scored by the model that
serves, so the changed record sent to /predict gives the same number. It says what the model
expects, not what causes churn.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from operator import itemgetter

from inference.advice.companions import Change, Companions, read_companions, settle
from inference.advice.ranges import Ranges, move_numbers, read_ranges
from inference.errors import BodyError
from inference.scoring.artifact import Artifact
from inference.scoring.records import Categories, Numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

MAX_SINGLE = 1_000  # changes of one field; the slowest model scores them in 0.3 s (November 2026)
MAX_PAIRED = 45  # of these, the best so many are tried in pairs: 990 at most
NUMBER_STEPS = 10  # a number is tried at 11 evenly spaced values of its training range, at most

Changes = tuple[Change, ...]
Limits = tuple[Companions, Ranges]
Tried = tuple[float, Changes, Changes]  # probability, what was chosen, and all that changes

_get_probability = itemgetter(0)
_get_chosen = itemgetter(1)
_get_place = itemgetter(0)


def find_changes(
    artifact: Artifact, row: tuple[Numbers, Categories], fields: set[str], limit: int
) -> tuple[list[tuple[float, dict, list[str]]], int, int]:
    """Return the changes that lower the probability, the lowest outcome first.

    A pair is listed only if it comes out lower than either of its changes does alone. What never
    goes together is not proposed: a change brings along what it needs, or is left out where that
    may not change. Of several that come to the same, the first field's stands for all.

    Args:
        artifact: the model that serves.
        row: the customer's, encoded.
        fields: names of the features to try; what they bring along may be others.
        limit: how many single changes to return at most, and how many pairs.

    Returns:
        Each outcome with the changes that lead there (field -> new value) and the names of those
        that were brought along; how many changes were tried; and how many there are, which is more
        where not all single changes were paired.

    Raises:
        BodyError: the fields have more than MAX_SINGLE other values.
        ArtifactError: the model file says nonsense about what goes together.
    """
    values = (*row[0], *row[1])
    changes = _list_changes(artifact.features, values, fields)
    if len(changes) > MAX_SINGLE:
        raise BodyError(f"fields: expected at most {MAX_SINGLE:,} values in all; name fewer fields")
    limits = read_companions(artifact.schema), read_ranges(artifact.schema)
    single = _try(artifact, limits, values, [(change,) for change in changes])
    paired = [change for _, (change,), _ in single[:MAX_PAIRED]]
    pairs = _try(artifact, limits, values, _list_pairs(paired))
    now = _score(artifact, values, ())
    lower = [tried for tried in single if tried[0] < now][:limit]
    lower += [tried for tried in _drop_needless(pairs, single) if tried[0] < now][:limit]
    lower.sort(key=_get_probability)
    count = len(single) + _count_pairs(paired)
    possible = len(single) + _count_pairs([change for _, (change,), _ in single])
    return [_name_fields(artifact.features, *tried) for tried in lower], count, possible


def _list_changes(features: "list[Feature]", values: tuple, fields: set[str]) -> list[Change]:
    return [
        (place, value)
        for place, spec in enumerate(features)
        if spec["name"] in fields
        for value in _list_values(spec)
        if value != values[place]
    ]


def _list_values(spec: "Feature") -> list:
    if spec["kind"] == "category":
        return list(spec["categories"])
    low, high = spec["min"], spec["max"]
    if low == int(low) and high == int(high) and high - low <= NUMBER_STEPS:
        return [low + step for step in range(int(high - low) + 1)]  # a flag, or a small count
    return [low + (high - low) * step / NUMBER_STEPS for step in range(NUMBER_STEPS + 1)]


def _list_pairs(changes: list[Change]) -> list[Changes]:
    """Return all pairs of changes to two different fields, each in the schema's order."""
    pairs = combinations(changes, 2)
    return [
        (first, second) if first[0] < second[0] else (second, first)
        for first, second in pairs
        if first[0] != second[0]
    ]


def _try(
    artifact: Artifact, limits: Limits, values: tuple, proposals: Iterable[Changes]
) -> list[Tried]:
    """Return the outcomes of those that customers may have, each once, the lowest first."""
    tried: dict[Changes, Tried] = {}
    for chosen in proposals:
        settled = _complete(artifact.features, limits, values, dict(chosen))
        if settled is None:
            continue
        changes = tuple(sorted(settled.items(), key=_get_place))
        if changes not in tried:
            tried[changes] = _score(artifact, values, changes), chosen, changes
    return sorted(tried.values(), key=_get_probability)


def _complete(
    features: "list[Feature]", limits: Limits, values: tuple, chosen: dict
) -> dict | None:
    """Return the changes with all that they bring along, or None where nobody could have them."""
    companions, ranges = limits
    settled = settle(companions, values, chosen)
    if settled is None:
        return None
    if not all(features[place].get("changeable") for place in settled.keys() - chosen.keys()):
        return None
    return move_numbers(ranges, values, settled)


def _drop_needless(pairs: list[Tried], single: list[Tried]) -> list[Tried]:
    alone = {change: outcome for outcome, (change,), _ in single}
    return [tried for tried in pairs if tried[0] < min(map(alone.__getitem__, _get_chosen(tried)))]


def _score(artifact: Artifact, values: tuple, changes: Changes) -> float:
    changed = list(values)
    for place, value in changes:
        changed[place] = value
    count = len(artifact.lows)
    return artifact.link(artifact.score(tuple(changed[:count]), tuple(changed[count:])))


def _count_pairs(changes: list[Change]) -> int:
    sizes = Counter(place for place, _ in changes)
    return (len(changes) ** 2 - sum(size**2 for size in sizes.values())) // 2


def _name_fields(
    features: "list[Feature]", outcome: float, chosen: Changes, changes: Changes
) -> tuple[float, dict, list[str]]:
    named = {features[place]["name"]: value for place, value in changes}
    follows = [features[place]["name"] for place, _ in changes if place not in dict(chosen)]
    return outcome, named, follows
