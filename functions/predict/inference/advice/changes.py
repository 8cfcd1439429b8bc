"""Which changes to one customer's record would lower the churn probability most.

Fields are changed one and two at a time and scored by the model that serves, so the changed record
sent to /predict gives the same number. It says what the model expects, not what causes churn.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from operator import itemgetter

from inference.errors import BodyError
from inference.scoring.artifact import Artifact
from inference.scoring.records import Categories, Numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

MAX_SINGLE = 1_000  # changes of one field; the slowest model scores them in 0.3 s (November 2026)
MAX_PAIRED = 45  # of these, the best so many are tried in pairs: 990 at most
NUMBER_STEPS = 10  # a number is tried at 11 evenly spaced values of its training range, at most

Change = tuple[int, float | str]  # place of the feature in the schema, value
Tried = tuple[float, tuple[Change, ...]]  # probability, and the changes that lead there

_get_probability = itemgetter(0)


def find_changes(
    artifact: Artifact, row: tuple[Numbers, Categories], fields: set[str], limit: int
) -> tuple[list[tuple[float, dict]], int, int]:
    """Return the changes that lower the probability, the lowest outcome first.

    A pair is listed only if it comes out lower than either of its changes does alone.

    Args:
        artifact: the model that serves.
        row: the customer's, encoded.
        fields: names of the features that may change.
        limit: how many single changes to return at most, and how many pairs.

    Returns:
        Each outcome with the changes that lead there (field -> new value); how many changes were
        tried; and how many there are, which is more where not all single changes were paired.

    Raises:
        BodyError: the fields have more than MAX_SINGLE other values.
    """
    values = (*row[0], *row[1])
    changes = _list_changes(artifact.features, values, fields)
    if len(changes) > MAX_SINGLE:
        raise BodyError(f"fields: expected at most {MAX_SINGLE:,} values in all; name fewer fields")
    single: list[Tried] = [(_score(artifact, values, (change,)), (change,)) for change in changes]
    single.sort(key=_get_probability)
    pairs = _try_pairs(artifact, values, single[:MAX_PAIRED])
    now = _score(artifact, values, ())
    lower = [tried for tried in single if tried[0] < now][:limit]
    lower += [tried for tried in _drop_needless(pairs, single) if tried[0] < now][:limit]
    lower.sort(key=_get_probability)
    named = [(outcome, _name_fields(artifact.features, changes)) for outcome, changes in lower]
    return named, len(single) + len(pairs), len(changes) + _count_pairs(changes)


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


def _try_pairs(artifact: Artifact, values: tuple, single: list[Tried]) -> list[Tried]:
    """Return the outcomes of all pairs of changes to two different fields, the lowest first."""
    pairs = combinations((change for _, (change,) in single), 2)
    in_order = (sorted(pair, key=itemgetter(0)) for pair in pairs if pair[0][0] != pair[1][0])
    tried = [(_score(artifact, values, pair), tuple(pair)) for pair in in_order]
    return sorted(tried, key=_get_probability)


def _drop_needless(pairs: list[Tried], single: list[Tried]) -> list[Tried]:
    alone = {change: outcome for outcome, (change,) in single}
    return [tried for tried in pairs if tried[0] < min(map(alone.__getitem__, tried[1]))]


def _score(artifact: Artifact, values: tuple, changes: Iterable[Change]) -> float:
    changed = list(values)
    for place, value in changes:
        changed[place] = value
    count = len(artifact.lows)
    return artifact.link(artifact.score(tuple(changed[:count]), tuple(changed[count:])))


def _count_pairs(changes: list[Change]) -> int:
    sizes = Counter(place for place, _ in changes)
    return (len(changes) ** 2 - sum(size**2 for size in sizes.values())) // 2


def _name_fields(features: "list[Feature]", changes: tuple[Change, ...]) -> dict:
    return {features[place]["name"]: value for place, value in changes}
