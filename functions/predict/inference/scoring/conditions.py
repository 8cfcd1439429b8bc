"""What trees ask of a row: thresholds of numbers and sets of categories, read in one place."""

from bisect import bisect_left
from math import isnan

from inference.errors import ArtifactError
from inference.scoring.records import UNSEEN, Category

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Trees

LEAF = -1
MAX_SYMMETRIC_DEPTH = 8  # the number of a leaf is a byte at most


def find_interval(thresholds: list[float], number: float) -> int:
    """Return how many thresholds a number exceeds; -1 for a missing one."""
    return -1 if isnan(number) else bisect_left(thresholds, number)


def read_category_sides(
    term: "Trees", features: "list[Feature]"
) -> list[dict[Category, list[bool]]]:
    """Return per categorical feature, for each category, which of the sets on it send it right.

    Args:
        term: of kind trees; shapes as in docs/artifact.md.
        features: of the schema, numbers first.
    """
    first = len(term["thresholds"])
    known = [(*spec["categories"], UNSEEN) for spec in features[first:]]
    sides: list[dict[Category, list[bool]]] = [
        {category: [] for category in categories} for categories in known
    ]
    for feature, members in term["category_sets"]:
        going_right = {known[feature - first][member] for member in members}
        for category, by_set in sides[feature - first].items():
            by_set.append(category in going_right)
    return sides


def count_conditions(term: "Trees") -> int:
    """Return how many conditions there are: thresholds, then category sets."""
    return sum(map(len, term["thresholds"])) + len(term["category_sets"])


def list_symmetric(term: "Trees") -> list[tuple[list[int], list[float]]]:
    """Return the conditions and values of each symmetric tree."""
    trees = term.get("symmetric_trees")
    return [*zip(trees["conditions"], trees["values"], strict=True)] if trees else []


def check_trees(term: "Trees", features: "list[Feature]") -> None:
    """Refuse a term of kind trees whose parts don't fit together.

    Raises:
        ArtifactError: names the part.
    """
    kinds = [spec["kind"] for spec in features]
    numbers = len(term["thresholds"])
    if kinds != ["number"] * numbers + ["category"] * (len(kinds) - numbers):
        raise ArtifactError("artifact.thresholds: expected one list for each number")
    if any(thresholds != sorted(thresholds) for thresholds in term["thresholds"]):
        raise ArtifactError("artifact.thresholds: expected ascending ones")
    if term["divisor"] < 1:
        raise ArtifactError("artifact.divisor: expected 1 or more")
    if (sets := [feature for feature, _ in term["category_sets"]]) != sorted(sets):
        raise ArtifactError("artifact.category_sets: expected the features' order")
    trees = term["trees"]
    for nodes, values in zip(trees["nodes"], trees["values"], strict=True):
        if not nodes.count(LEAF) == len(values) == len(nodes) // 2 + 1:
            raise ArtifactError("artifact.trees: expected a value for each leaf")
    for conditions, values in list_symmetric(term):
        if len(values) != 1 << len(conditions) or len(conditions) > MAX_SYMMETRIC_DEPTH:
            raise ArtifactError(
                "artifact.symmetric_trees: expected 2 to the power of the depth values, 256 at most"
            )
