"""Which changes to one customer's record would lower the churn probability most.

Fields are changed one and two at a time and scored by the model that serves, so the changed record
sent to /predict gives the same number. It says what the model expects, not what causes churn.
"""

from collections.abc import Iterator
from itertools import combinations, product

from inference.artifact import Artifact

NUMBER_STEPS = 10  # a number is tried at 11 evenly spaced values of its training range

Change = tuple[int, object]  # place of the feature in the schema, value


def find_changes(
    artifact: Artifact, numbers: tuple, categories: tuple, fields: list[str], limit: int
) -> list[dict]:
    """Return the changes that lower the probability, the largest drop first.

    Args:
        artifact: the model that serves.
        numbers: the row's numbers, in the schema's order.
        categories: the row's category texts, in the schema's order.
        fields: names of the features that may change.
        limit: how many changes to return at most.

    Returns:
        `changes` (field -> new value, one or two of them) and the `prediction` that follows.
    """
    row = (*numbers, *categories)
    now = _probability(artifact, row)
    found: list[dict] = []
    for changes in _candidates(artifact.features, row, fields):
        changed = list(row)
        for place, value in changes:
            changed[place] = value
        prediction = _probability(artifact, changed)
        if prediction < now:
            named = {artifact.features[place]["name"]: value for place, value in changes}
            found.append({"changes": named, "prediction": prediction})
    found.sort(key=lambda entry: entry["prediction"])  # stable: single changes came first
    return found[:limit]


def _candidates(
    features: list[dict], row: tuple, fields: list[str]
) -> Iterator[tuple[Change, ...]]:
    """Yield single changes first, then all pairs over two different features."""
    values = {
        place: [(place, value) for value in _values_to_try(spec) if value != row[place]]
        for place, spec in enumerate(features)
        if spec["name"] in fields
    }
    for changes in values.values():
        yield from ((change,) for change in changes)
    for first, second in combinations(values, 2):
        yield from product(values[first], values[second])


def _values_to_try(spec: dict) -> list:
    if spec["kind"] == "category":
        return list(spec["categories"])
    low, high = spec["min"], spec["max"]
    return [low + (high - low) * step / NUMBER_STEPS for step in range(NUMBER_STEPS + 1)]


def _probability(artifact: Artifact, row: tuple | list) -> float:
    count = len(artifact.lows)
    return artifact.link(artifact.score(tuple(row[:count]), tuple(row[count:])))
