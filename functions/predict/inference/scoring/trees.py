"""A row's score by an ensemble of trees, all trees at once: QuickScorer on Python's integers.

Every leaf of the ensemble is a bit. A feature's value decides each node that tests the feature, and
so which leaves can still be reached: one mask per distinguishable value, made when the model loads.
The masks of a row's values, ANDed, leave one bit per tree, its exit leaf; the sums of the leaves'
values are looked up eight bits at a time.

Source: Lucchese et al., QuickScorer, SIGIR 2015. There only the nodes that send a row right mask
leaves, and a tree's exit leaf is its lowest bit left; here both sides do, and it is the only one.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import partial, reduce
from itertools import accumulate, chain
from math import isnan
from operator import and_, getitem, or_

from inference.errors import ArtifactError
from inference.scoring.category_groups import group_categories
from inference.scoring.records import UNSEEN, Categories, Category, Numbers

LEAF = -1
MAX_LEAVES_PER_TREE = 128  # on average; with more, walking down each tree is faster
MAX_MASK_BYTES = 4_000_000

Scorer = Callable[[Numbers, Categories], float]

_get_mask: Callable[..., int] = getitem
_get_sum: Callable[[list[float], int], float] = getitem


def compile_trees(model: dict, schema: dict) -> Scorer:
    """Return the function from a row to its score: log-odds or a probability, as `link` says.

    Its numbers may be nan where the model scores missing ones; a category that the schema doesn't
    list raises KeyError.

    Args:
        model: the artifact's model section; shapes as in docs/artifact.md.
        schema: its features, numbers first.

    Raises:
        ArtifactError: lengths that don't fit together, thresholds out of order.
    """
    _check_shapes(model, schema)
    values = model["trees"]["values"]
    leaves = sum(map(len, values))
    masks = sum(map(len, model["thresholds"])) + len(model["category_sets"])
    if leaves > MAX_LEAVES_PER_TREE * len(values) or masks * leaves > 8 * MAX_MASK_BYTES:
        from inference.scoring.tree_walk import compile_walk  # only deep forests need it

        return compile_walk(model, schema)
    return _compile_masks(model, schema, leaves)


def find_interval(thresholds: list[float], number: float) -> int:
    """Return how many thresholds a number exceeds; -1 for a missing one."""
    return -1 if isnan(number) else bisect_left(thresholds, number)


def _compile_masks(model: dict, schema: dict, leaves: int) -> Scorer:
    left, right = _collect_leaves(model)
    all_leaves = (1 << leaves) - 1
    categories = _mask_categories(model, schema["features"], left, right, all_leaves)
    split, by_group = group_categories(categories, partial(reduce, and_), leaves // 8)
    masks = _mask_numbers(model, left, right, all_leaves) + by_group
    sums = _build_sums(model["trees"]["values"])
    thresholds, divisor, baseline = model["thresholds"], model["divisor"], float(model["baseline"])
    find = _choose_finder(model)
    size = len(sums)
    start = baseline if divisor == 1 else 0.0

    def add_up(numbers: Numbers, categories: Categories) -> float:
        values = chain(map(find, thresholds, numbers), split(categories))
        exits = reduce(and_, map(_get_mask, masks, values))
        return sum(map(_get_sum, sums, exits.to_bytes(size, "little")), start)

    if divisor == 1:
        return add_up
    return lambda numbers, categories: add_up(numbers, categories) / divisor + baseline


def _choose_finder(model: dict) -> Callable:
    return find_interval if "missing_left" in model else bisect_left


def _mask_numbers(model: dict, left: list[int], right: list[int], all_leaves: int) -> list:
    """Return per number the leaves that stay reachable, by `find_interval`."""
    masks = []
    first = 0
    for number, thresholds in enumerate(model["thresholds"]):
        span = slice(first, first + len(thresholds))
        lost = _lose_by_interval(left[span], right[span])
        if "missing_left" in model:  # the last, which is at place -1
            lost.append(_lose_missing(left[span], right[span], model["missing_left"][number]))
        masks.append([all_leaves ^ leaves for leaves in lost])
        first = span.stop
    return masks


def _lose_by_interval(left: list[int], right: list[int]) -> list[int]:
    """Return what is lost: the left leaves of thresholds below a number, the others' right ones."""
    below = accumulate(left, or_, initial=0)
    others = [*accumulate(reversed(right), or_, initial=0)]
    return [a | b for a, b in zip(below, reversed(others), strict=True)]


def _lose_missing(left: list[int], right: list[int], missing_left: list[int]) -> int:
    sides = zip(left, right, missing_left, strict=True)
    return reduce(
        or_, [to_right if is_left else to_left for to_left, to_right, is_left in sides], 0
    )


def _mask_categories(
    model: dict, features: list[dict], left: list[int], right: list[int], all_leaves: int
) -> list[dict]:
    """Return per categorical feature the leaves that stay reachable, by category."""
    numbers = len(model["thresholds"])
    masks: list[dict[Category, int]] = [
        dict.fromkeys((*spec["categories"], UNSEEN), all_leaves) for spec in features[numbers:]
    ]
    first = sum(map(len, model["thresholds"]))
    for condition, (feature, going_right) in enumerate(model["category_sets"], start=first):
        texts = {features[feature]["categories"][index] for index in going_right}
        by_category = masks[feature - numbers]
        for category in by_category:
            lost = left if category in texts else right
            by_category[category] &= ~lost[condition]
    return masks


def _collect_leaves(model: dict) -> tuple[list[int], list[int]]:
    """Return per condition the leaves on the left side, and on the right, of nodes testing it."""
    conditions = sum(map(len, model["thresholds"])) + len(model["category_sets"])
    left, right = [0] * conditions, [0] * conditions
    first = 0
    for nodes, values in zip(model["trees"]["nodes"], model["trees"]["values"], strict=True):
        leaf = 1 << len(values)
        subtrees: list[int] = []
        for condition in reversed(nodes):  # both sides of a node come before it
            if condition == LEAF:
                leaf >>= 1
                subtrees.append(leaf)
            else:
                to_left, to_right = subtrees.pop(), subtrees.pop()
                left[condition] |= to_left << first
                right[condition] |= to_right << first
                subtrees.append(to_left | to_right)
        first += len(values)
    return left, right


def _build_sums(trees: list[list[float]]) -> list[list[float]]:
    """Return per eight leaves the sum of values for each byte that a row can leave of them."""
    leaves = [(tree, value) for tree, values in enumerate(trees) for value in values]
    return [_sum_patterns(leaves[start : start + 8]) for start in range(0, len(leaves), 8)]


def _sum_patterns(leaves: list[tuple[int, float]]) -> list[float]:
    """Return the sums, at the places of the bytes with no two leaves of a tree."""
    sums = {0: 0.0}
    current = -1
    others = []
    for place, (tree, value) in enumerate(leaves):
        if tree != current:
            current, others = tree, [*sums.items()]
        for pattern, total in others:
            sums[pattern | 1 << place] = total + value
    table = [0.0] * (max(sums) + 1)
    for pattern, total in sums.items():
        table[pattern] = total
    return table


def _check_shapes(model: dict, schema: dict) -> None:
    kinds = [spec["kind"] for spec in schema["features"]]
    numbers = len(model["thresholds"])
    if kinds != ["number"] * numbers + ["category"] * (len(kinds) - numbers):
        raise ArtifactError("artifact.thresholds: expected one list for each number")
    if any(thresholds != sorted(thresholds) for thresholds in model["thresholds"]):
        raise ArtifactError("artifact.thresholds: expected ascending ones")
    if model["divisor"] < 1:
        raise ArtifactError("artifact.divisor: expected 1 or more")
    if (sets := [feature for feature, _ in model["category_sets"]]) != sorted(sets):
        raise ArtifactError("artifact.category_sets: expected the features' order")
    trees = model["trees"]
    for nodes, values in zip(trees["nodes"], trees["values"], strict=True):
        if not nodes.count(LEAF) == len(values) == len(nodes) // 2 + 1:
            raise ArtifactError("artifact.trees: expected a value for each leaf")
