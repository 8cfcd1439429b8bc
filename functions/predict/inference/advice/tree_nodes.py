"""A model file's trees in the form that explaining them takes: nodes that know their shares."""

from collections.abc import Iterator
from functools import cache
from math import cos, pi

from inference.errors import BodyError
from inference.scoring.conditions import LEAF

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Trees

MAX_DEPTH = 500  # half of Python's limit to recursion
CONVERGED = 1e-15  # Newton's steps double the digits, and these are all that a double has

Player = tuple[int, int]  # number of the player, and its feature
Points = tuple[list[float], list[float], list[float]]  # t, 1 - t, and weight of each
# A leaf is what it adds to the score. An inner node has the place of its condition in Sides, the
# player and its feature, the share of weight that goes left, and the nodes on the left and right.
Node = float | tuple[int, int, int, float, "Node", "Node"]
Asked = tuple[int, int, int]  # of a condition: place in Sides, player, feature
Subtree = tuple[Node, float, float, int]  # its root, mean value, weight and depth
Tree = tuple[list[int], Node, Points]  # conditions, root, and enough points to integrate


def read_trees(term: "Trees") -> tuple[float, list[Tree]]:
    """Return the mean score, and the trees that ask for anything."""
    base, trees = term["baseline"], []
    players = _list_players(term)
    for used, (root, mean, _, depth) in _build_trees(term, players):
        base += mean
        if depth > MAX_DEPTH:
            raise BodyError("reasons: the trees of this model are too deep")
        if used:
            most_players = min(depth, len({players[condition] for condition in used}))
            trees.append((used, root, find_points((most_players + 1) // 2)))
    return base, trees


def _build_trees(term: "Trees", players: list[Player]) -> Iterator[tuple[list[int], Subtree]]:
    """Yield each tree's conditions, in their order, and the whole of it."""
    columns = (term["trees"][name] for name in ("nodes", "values", "weights"))
    for nodes, values, weights in zip(*columns, strict=True):
        used, asked = _list_asked(nodes, players)
        yield used, _build_tree(nodes, _list_leaves(values, weights, term["divisor"]), asked)
    if "symmetric_trees" not in term:
        return
    columns = (term["symmetric_trees"][name] for name in ("conditions", "values", "weights"))
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


def _list_players(term: "Trees") -> list[Player]:
    """Return the player of each condition, in the order of the conditions."""
    groups = enumerate(term["thresholds"])
    numbers = [(feature, feature) for feature, group in groups for _ in group]
    sets = enumerate(term["category_sets"], start=len(term["thresholds"]))
    return numbers + [(player, feature) for player, (feature, _) in sets]


@cache
def find_points(count: int) -> Points:
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
