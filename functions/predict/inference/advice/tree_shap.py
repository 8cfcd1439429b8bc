"""Exact path-dependent TreeSHAP values of a row, in the log-odds (or shares) that the leaves hold.

The game is that of Lundberg et al., From local explanations to global understanding with
explainable AI for trees, Nature Machine Intelligence 2 (2020): at a node, a player that is "in"
follows the row, and one that is "out" takes both sides, by the share of training weight that went
there. A number is one player, a 0/1 column of a category another, as in scikit-learn's encoding;
the columns of a feature are summed.

A player's Shapley value is the integral, for t from 0 to 1, of what it changes while each of the
others is in with probability t: Owen, Multilinear Extensions of Games, Management Science 18
(1972). In a tree that is a polynomial in t, which a Gauss-Legendre sum integrates exactly.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import cache, partial
from math import cos, isnan, pi
from operator import add, mul, truediv

from inference.errors import BodyError
from inference.scoring.records import UNSEEN, Categories, Category, Numbers

LEAF = -1
LOST = -1.0  # in place of a share: the row went another way
MAX_PATTERNS = 30_000  # ways through the trees that are remembered; 900 bytes each (November 2026)
REMEMBERED_PER_VISIT = 5  # trees looked up in the time of one visit to a node (November 2026)
MAX_DEPTH = 500  # half of Python's limit to recursion
CONVERGED = 1e-15  # Newton's steps double the digits, and these are all that a double has

Sides = tuple[bool, ...]  # by condition of a tree: whether the row goes left
Effects = list[tuple[int, float]]  # feature and effect, for those that a tree asks for
Player = tuple[int, int]  # number of the player, and its feature
Points = tuple[list[float], list[float], list[float]]  # t, 1 - t, and weight of each
# A leaf is what it adds to the score. An inner node has the place of its condition in Sides, the
# player and its feature, the share of weight that goes left, and the nodes on the left and right.
Node = float | tuple[int, int, int, float, "Node", "Node"]
Tree = tuple[list[int], Node, Points]  # conditions, root, and enough points to integrate


def compile_tree_shap(
    model: dict, features: list[dict]
) -> tuple[float, Callable[[Numbers, Categories], list[float]], int]:
    """Return the mean score over the training weight, and the function from a row to its effects.

    The third is how long that function takes for a row, in visits to a node. Where the ways
    through the trees are few, each is worked out once and remembered.

    Args:
        model: the artifact's model section, kind "trees".
        features: of the schema; effects come in their order.

    Raises:
        BodyError: a tree is deeper than MAX_DEPTH.
    """
    base, trees = _read_trees(model)
    read_sides = _compile_sides(model, features)
    visits = sum(map(len, model["trees"]["nodes"]))
    explainers: list[tuple[list[int], Callable[[Sides], Effects]]]
    explainers = [(used, partial(_explain_tree, root, points)) for used, root, points in trees]
    if sum(2 ** len(used) for used, *_ in trees) <= MAX_PATTERNS:
        visits = len(trees) // REMEMBERED_PER_VISIT + 1
        explainers = [(used, cache(explain_tree)) for used, explain_tree in explainers]

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        goes_left = read_sides(numbers, categories).__getitem__
        effects = [0.0] * len(features)
        for used, explain_tree in explainers:
            for feature, effect in explain_tree(tuple(map(goes_left, used))):
                effects[feature] += effect
        return effects

    return base, explain, visits


def _explain_tree(root: Node, points: Points, sides: Sides) -> Effects:
    """Return what each feature that a tree asks for moves the score of such a row by.

    At t, a player that kept a share of the weight this far brings the factor share (1 - t) + t,
    or without the t where the row went another way. A node changes its player's factor; what that
    does to the leaves below, by the derivative for this player alone, is its part of the effect.
    """
    ts, outs, point_weights = points
    effects: dict[int, float] = {}
    shares: dict[int, float] = {}  # by player, of the weight that came this far

    def visit(node: Node, products: list[float]) -> list[float]:
        """Return the sums of the leaves below, each times the factors on its path."""
        if not isinstance(node, tuple):
            return [node * product for product in products]
        place, player, feature, to_left, left, right = node
        share = shares.get(player, 1.0)
        if share == LOST:
            lefts = visit(left, [product * to_left for product in products])
            rights = visit(right, [product * (1.0 - to_left) for product in products])
            return [*map(add, lefts, rights)]
        kept = share * (to_left if sides[place] else 1.0 - to_left)
        lost = share - kept
        near, far = (left, right) if sides[place] else (right, left)
        before = [share * out + t for t, out in zip(ts, outs, strict=True)]
        after = [kept * out + t for t, out in zip(ts, outs, strict=True)]
        others = [*map(truediv, products, before)]
        shares[player] = kept
        nears = visit(near, [*map(mul, others, after)])
        shares[player] = LOST
        fars = visit(far, [other * lost * out for other, out in zip(others, outs, strict=True)])
        shares[player] = share
        sums = zip(point_weights, nears, after, fars, outs, before, strict=True)
        effect = sum(weight * (lost * n / a - f / out) / b for weight, n, a, f, out, b in sums)
        effects[feature] = effects.get(feature, 0.0) + effect
        return [*map(add, nears, fars)]

    visit(root, [1.0] * len(ts))
    return [*effects.items()]


def _read_trees(model: dict) -> tuple[float, list[Tree]]:
    """Return the mean score, and the trees that ask for anything."""
    base, trees = model["baseline"], []
    players = _list_players(model)
    columns = (model["trees"][name] for name in ("nodes", "values", "weights"))
    for nodes, values, weights in zip(*columns, strict=True):
        used = sorted(set(nodes) - {LEAF})
        asked = {condition: (place, *players[condition]) for place, condition in enumerate(used)}
        parts = [value / model["divisor"] for value in values]
        root, mean, depth = _read_tree(nodes, parts, weights, asked)
        base += mean
        if depth > MAX_DEPTH:
            raise BodyError("reasons: the trees of this model are too deep")
        if used:
            most_players = min(depth, len({players[condition] for condition in used}))
            trees.append((used, root, _find_points((most_players + 1) // 2)))
    return base, trees


def _read_tree(
    nodes: list[int],
    values: list[float],
    weights: list[float],
    asked: dict[int, tuple[int, int, int]],
) -> tuple[Node, float, int]:
    """Return a tree's root, mean value and depth.

    Read from its end, so that a node's children are there before it: deep trees need no recursion.
    """
    leaves = list(zip(values, weights, strict=True))
    built: list[tuple[Node, float, int, float]] = []
    for condition in reversed(nodes):
        if condition == LEAF:
            value, weight = leaves.pop()
            built.append((value, value, 0, weight))
        else:
            left, left_mean, left_depth, left_weight = built.pop()
            right, right_mean, right_depth, right_weight = built.pop()
            weight = left_weight + right_weight
            share = left_weight / weight
            mean = share * left_mean + (1.0 - share) * right_mean
            depth = 1 + max(left_depth, right_depth)
            place, player, feature = asked[condition]
            node = (place, player, feature, share, left, right)
            built.append((node, mean, depth, weight))
    root, mean, depth, _ = built.pop()
    return root, mean, depth


def _list_players(model: dict) -> list[Player]:
    """Return the player of each condition, in the order of the conditions."""
    groups = enumerate(model["thresholds"])
    numbers = [(feature, feature) for feature, group in groups for _ in group]
    sets = enumerate(model["category_sets"], start=len(model["thresholds"]))
    return numbers + [(player, feature) for player, (feature, _) in sets]


def _compile_sides(
    model: dict, features: list[dict]
) -> Callable[[Numbers, Categories], list[bool]]:
    """Return the function from a row to whether it goes left, by condition."""
    thresholds = model["thresholds"]
    missing = model.get("missing_left") or thresholds
    tables = _compile_categories(model, features)

    def read_sides(numbers: Numbers, categories: Categories) -> list[bool]:
        sides: list[bool] = []
        for number, group, missing_left in zip(numbers, thresholds, missing, strict=True):
            below = bisect_left(group, number)
            known = [False] * below + [True] * (len(group) - below)
            sides += map(bool, missing_left) if isnan(number) else known
        for category, table in zip(categories, tables, strict=True):
            sides += table[category]
        return sides

    return read_sides


def _compile_categories(model: dict, features: list[dict]) -> list[dict[Category, list[bool]]]:
    first = len(model["thresholds"])
    tables: list[dict[Category, list[bool]]] = [
        {category: [] for category in (*spec["categories"], UNSEEN)} for spec in features[first:]
    ]
    for feature, going_right in model["category_sets"]:
        texts = {features[feature]["categories"][index] for index in going_right}
        for category, sides in tables[feature - first].items():
            sides.append(category not in texts)
    return tables


@cache
def _find_points(count: int) -> Points:
    """Return the points from 0 to 1 that integrate polynomials of a degree below 2 count exactly.

    Source: Gauss-Legendre quadrature, NIST Digital Library of Mathematical Functions, 3.5(v); the
    roots of Legendre's polynomial by Newton's steps from Tricomi's first guess.
    """
    ts, outs, weights = [], [], []
    for number in range(count):
        root, step = cos(pi * (number + 0.75) / (count + 0.5)), 1.0
        while abs(step) > CONVERGED:
            below, value = 1.0, root
            for degree in range(2, count + 1):
                next_value = ((2 * degree - 1) * root * value - (degree - 1) * below) / degree
                below, value = value, next_value
            slope = count * (root * value - below) / (root * root - 1.0)
            step = value / slope
            root -= step
        ts.append((1.0 + root) / 2.0)
        outs.append((1.0 - root) / 2.0)
        weights.append(1.0 / ((1.0 - root * root) * slope * slope))
    return ts, outs, weights
