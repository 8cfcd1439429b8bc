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
from collections.abc import Callable, Iterator
from functools import cache, partial
from math import cos, isnan, pi
from operator import add, mul, not_, truediv

from inference.errors import BodyError
from inference.scoring.conditions import LEAF, list_symmetric, read_category_sides
from inference.scoring.records import Categories, Numbers

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
Asked = tuple[int, int, int]  # of a condition: place in Sides, player, feature
Subtree = tuple[Node, float, float, int]  # its root, mean value, weight and depth
Tree = tuple[list[int], Node, Points]  # conditions, root, and enough points to integrate


def compile_tree_shap(
    term: dict, features: list[dict]
) -> tuple[float, Callable[[Numbers, Categories], list[float]], int]:
    """Return the mean score over the training weight, and the function from a row to its effects.

    The third is how long that function takes for a row, in visits to a node. Where the ways
    through the trees are few, each is worked out once and remembered.

    Args:
        term: of kind trees; shapes as in docs/artifact.md.
        features: of the schema; effects come in their order.

    Raises:
        BodyError: a tree is deeper than MAX_DEPTH.
    """
    base, trees = _read_trees(term)
    read_sides = _compile_sides(term, features)
    visits = sum(map(len, term["trees"]["nodes"]))
    visits += sum(2 * len(values) for _, values in list_symmetric(term))
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


def _read_trees(term: dict) -> tuple[float, list[Tree]]:
    """Return the mean score, and the trees that ask for anything."""
    base, trees = term["baseline"], []
    players = _list_players(term)
    for used, (root, mean, _, depth) in _build_trees(term, players):
        base += mean
        if depth > MAX_DEPTH:
            raise BodyError("reasons: the trees of this model are too deep")
        if used:
            most_players = min(depth, len({players[condition] for condition in used}))
            trees.append((used, root, _find_points((most_players + 1) // 2)))
    return base, trees


def _build_trees(term: dict, players: list[Player]) -> Iterator[tuple[list[int], Subtree]]:
    """Yield each tree's conditions, in their order, and the whole of it."""
    columns = (term["trees"][name] for name in ("nodes", "values", "weights"))
    for nodes, values, weights in zip(*columns, strict=True):
        used, asked = _list_asked(nodes, players)
        yield used, _build_tree(nodes, _list_leaves(values, weights, term["divisor"]), asked)
    symmetric = term.get("symmetric_trees", {"conditions": (), "values": (), "weights": ()})
    columns = (symmetric[name] for name in ("conditions", "values", "weights"))
    for conditions, values, weights in zip(*columns, strict=True):
        used, asked = _list_asked(conditions, players)
        level = _list_leaves(values, weights, term["divisor"])
        for condition in conditions:  # the last is asked first, as CatBoost explains its trees
            pairs = zip(level[::2], level[1::2], strict=True)
            level = [_join(asked[condition], left, right) for left, right in pairs]
        yield used, level[0]


def _list_asked(conditions: list[int], players: list[Player]) -> tuple[list[int], dict[int, Asked]]:
    used = sorted(set(conditions) - {LEAF})
    return used, {condition: (place, *players[condition]) for place, condition in enumerate(used)}


def _list_leaves(values: list[float], weights: list[float], divisor: int) -> list[Subtree]:
    pairs = zip(values, weights, strict=True)
    return [(value / divisor, value / divisor, weight, 0) for value, weight in pairs]


def _build_tree(nodes: list[int], leaves: list[Subtree], asked: dict[int, Asked]) -> Subtree:
    """Return the whole tree, read from its end: deep trees need no recursion."""
    built: list[Subtree] = []
    for condition in reversed(nodes):  # both sides of a node come before it
        if condition == LEAF:
            built.append(leaves.pop())
        else:
            built.append(_join(asked[condition], built.pop(), built.pop()))
    return built.pop()


def _join(asked: Asked, left: Subtree, right: Subtree) -> Subtree:
    """Return the subtree of a node with these on its sides."""
    weight = left[2] + right[2]
    share = left[2] / weight if weight else 0.5  # where no training row came, any share will do
    mean = share * left[1] + (1.0 - share) * right[1]
    return (*asked, share, left[0], right[0]), mean, weight, 1 + max(left[3], right[3])


def _list_players(term: dict) -> list[Player]:
    """Return the player of each condition, in the order of the conditions."""
    groups = enumerate(term["thresholds"])
    numbers = [(feature, feature) for feature, group in groups for _ in group]
    sets = enumerate(term["category_sets"], start=len(term["thresholds"]))
    return numbers + [(player, feature) for player, (feature, _) in sets]


def _compile_sides(term: dict, features: list[dict]) -> Callable[[Numbers, Categories], list[bool]]:
    """Return the function from a row to whether it goes left, by condition."""
    thresholds = term["thresholds"]
    missing = term.get("missing_left") or thresholds
    going_right = read_category_sides(term, features)

    def read_sides(numbers: Numbers, categories: Categories) -> list[bool]:
        sides: list[bool] = []
        for number, group, missing_left in zip(numbers, thresholds, missing, strict=True):
            below = bisect_left(group, number)
            known = [False] * below + [True] * (len(group) - below)
            sides += map(bool, missing_left) if isnan(number) else known
        for category, table in zip(categories, going_right, strict=True):
            sides += map(not_, table[category])
        return sides

    return read_sides


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
