"""A row's score by walking down each tree: exact for any depth, and for deep trees the faster way.

A row becomes a list of ranks: for each number how many thresholds it exceeds, for each set of
categories 1 where the row's is in it. A node sends a row left whose rank is at most the node's own.
"""

from bisect import bisect_left
from collections.abc import Callable
from itertools import chain
from operator import getitem

from inference.scoring.records import UNSEEN, Categories, Category, Numbers
from inference.scoring.trees import LEAF, Scorer, find_interval

Test = tuple[int, int]  # place in the row of ranks, and the largest rank that goes left


def compile_walk(model: dict, schema: dict) -> Scorer:
    """Return the function from a row to its score; as `compile_trees`, which checked the model."""
    read_ranks, width, tests = _compile_ranks(model)
    tests += [(width + place, 0) for place in range(len(model["category_sets"]))]
    flags = _flag_categories(model, schema)
    nodes, values = model["trees"]["nodes"], model["trees"]["values"]
    trees: list = [_link_nodes(*tree, tests) for tree in zip(nodes, values, strict=True)]
    baseline, divisor = float(model["baseline"]), model["divisor"]

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


def _compile_ranks(model: dict) -> tuple[Callable[[Numbers], list[int]], int, list[Test]]:
    """Return the function from numbers to ranks, how many, and each threshold's test."""
    thresholds = model["thresholds"]
    width = len(thresholds)
    # Where numbers may be missing, each has two ranks, which differ for a missing one: below all
    # thresholds for those that send it left, above all for the others.
    missing_left = model.get("missing_left") or [[True] * len(group) for group in thresholds]
    tests = [
        (place if goes_left else place + width, rank)
        for place, group in enumerate(missing_left)
        for rank, goes_left in enumerate(group)
    ]
    if "missing_left" not in model:
        return lambda numbers: [*map(bisect_left, thresholds, numbers)], width, tests
    lengths = [*map(len, thresholds)]

    def read_ranks(numbers: Numbers) -> list[int]:
        ranks = [*map(find_interval, thresholds, numbers)]
        pairs = zip(ranks, lengths, strict=True)
        return ranks + [length if rank < 0 else rank for rank, length in pairs]

    return read_ranks, 2 * width, tests


def _flag_categories(model: dict, schema: dict) -> list[dict[Category, list[int]]]:
    """Return the ranks of each category: one for each set on its feature, which are in order."""
    specs = schema["features"]
    numbers = len(model["thresholds"])
    flags: list[dict[Category, list[int]]] = [
        {category: [] for category in (*spec["categories"], UNSEEN)} for spec in specs[numbers:]
    ]
    for feature, going_right in model["category_sets"]:
        texts = {specs[feature]["categories"][index] for index in going_right}
        for category, ranks in flags[feature - numbers].items():
            ranks.append(int(category in texts))
    return flags


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
