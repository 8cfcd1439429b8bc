"""A row's score by walking down each tree: exact for any depth, and for deep trees the faster way.

A row becomes a list of ranks: for each number how many thresholds it exceeds, for each set of
categories 1 where the row's is in it. A node sends a row left whose rank is at most the node's own.
"""

from bisect import bisect_left
from collections.abc import Callable
from itertools import chain
from operator import getitem

from inference.scoring.conditions import (
    LEAF,
    find_interval,
    list_symmetric,
    read_category_sides,
)
from inference.scoring.records import Categories, Numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Trees

Scorer = Callable[[Numbers, Categories], float]
Test = tuple[int, int]  # place in the row of ranks, and the largest rank that goes left


def compile_walk(term: "Trees", features: "list[Feature]") -> Scorer:
    """Return the function from a row to its score; as `compile_trees`, which checked the term."""
    read_ranks, width, tests = _compile_ranks(term)
    tests += [(width + place, 0) for place in range(len(term["category_sets"]))]
    flags = read_category_sides(term, features)
    nodes, values = term["trees"]["nodes"], term["trees"]["values"]
    trees: list = [_link_nodes(*tree, tests) for tree in zip(nodes, values, strict=True)]
    trees += [_link_answers(*tree, tests) for tree in list_symmetric(term)]
    baseline, divisor = float(term["baseline"]), term["divisor"]

    def score(numbers: Numbers, categories: Categories) -> float:
        row = [*read_ranks(numbers), *chain.from_iterable(map(getitem, flags, categories))]
        total = 0.0
        for root in trees:
            node = root
            while type(node) is tuple:
                place, rank, left, right = node
                node = left if row[place] <= rank else right
            total += node
        return total / divisor + baseline

    return score


def _compile_ranks(term: "Trees") -> tuple[Callable[[Numbers], list[int]], int, list[Test]]:
    """Return the function from numbers to ranks, how many, and each threshold's test."""
    thresholds = term["thresholds"]
    width = len(thresholds)
    # Where numbers may be missing, each has two ranks, which differ for a missing one: below all
    # thresholds for those that send it left, above all for the others.
    missing_left = term.get("missing_left") or [[True] * len(group) for group in thresholds]
    tests = [
        (place if goes_left else place + width, rank)
        for place, group in enumerate(missing_left)
        for rank, goes_left in enumerate(group)
    ]
    if "missing_left" not in term:
        return lambda numbers: [*map(bisect_left, thresholds, numbers)], width, tests
    lengths = [*map(len, thresholds)]

    def read_ranks(numbers: Numbers) -> list[int]:
        ranks = [*map(find_interval, thresholds, numbers)]
        pairs = zip(ranks, lengths, strict=True)
        return ranks + [length if rank < 0 else rank for rank, length in pairs]

    return read_ranks, 2 * width, tests


def _link_nodes(nodes: list[int], values: list[float], tests: list[Test]) -> object:
    """Return a tree's root: a leaf's value, or (place, rank, left node, right node)."""
    rest = [*values]
    subtrees: list[object] = []
    for condition in reversed(nodes):  # both sides of a node come before it
        if condition == LEAF:
            subtrees.append(rest.pop())
        else:
            subtrees.append((*tests[condition], subtrees.pop(), subtrees.pop()))
    return subtrees.pop()


def _link_answers(conditions: list[int], values: list[float], tests: list[Test]) -> object:
    """Return a symmetric tree's root; its last condition comes first."""
    level: list[object] = [*values]
    for condition in conditions:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [(*tests[condition], left, right) for left, right in pairs]
    return level[0]
