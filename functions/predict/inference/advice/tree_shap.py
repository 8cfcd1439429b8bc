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
from functools import reduce
from itertools import accumulate, chain, compress, islice
from math import isnan
from operator import add, getitem, itemgetter, mul, not_, or_, truediv

from inference.advice.tree_nodes import Node, Points, Tree, read_trees
from inference.scoring.conditions import count_conditions, find_interval, read_category_sides
from inference.scoring.records import UNSEEN, Categories, Numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Trees

LOST = -1.0  # in place of a share: the row went another way
BYTE = 8  # conditions of a small tree, at most
MAX_PATTERNS = 30_000  # ways through the trees that are remembered; 900 bytes each (November 2026)
REMEMBERED_PER_VISIT = 20  # trees looked up in the time of one visit to a node (November 2026)

Sides = tuple[bool, ...]  # by condition of a tree: whether the row goes left
Explainer = Callable[[Numbers, Categories], list[float]]

_get_effects: Callable[..., list[float]] = getitem
_get_bits: Callable[..., int] = getitem


def compile_tree_shap(term: "Trees", features: "list[Feature]") -> tuple[float, Explainer, int]:
    """Return the mean score over the training weight, and the function from a row to its effects.

    The third is how long that function takes for a row, in visits to a node. A small tree has few
    ways to go through, and each is worked out when a row first goes it.

    Args:
        term: of kind trees; shapes as in docs/artifact.md.
        features: of the schema; effects come in their order.

    Raises:
        BodyError: a tree is deeper than MAX_DEPTH.
    """
    base, trees = read_trees(term)
    small, large = _split_by_patterns(trees)
    read_answers = _compile_answers(term, features, [used for used, *_ in small])
    read_sides = _compile_sides(term, features)
    tables = [_Explained(tree) for tree in small]
    picks = _pick_by_feature([feature for table in tables for feature in table.features], features)

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        found = map(_get_effects, tables, read_answers(numbers, categories))
        parts = (*chain.from_iterable(found), 0.0)
        effects = [sum(pick(parts)) for pick in picks]
        if large:
            goes_left = read_sides(numbers, categories).__getitem__
            for used, root, points in large:
                sides = tuple(map(goes_left, used))
                for feature, effect in _explain_tree(root, points, sides).items():
                    effects[feature] += effect
        return effects

    visits = -(-len(small) // REMEMBERED_PER_VISIT)
    return base, explain, visits + sum(_count_nodes(root) for _, root, _ in large)


def _pick_by_feature(
    asked: list[int], features: "list[Feature]"
) -> list[Callable[[tuple[float, ...]], tuple[float, ...]]]:
    """Return per feature what picks its effects, by tree, and the last part, twice."""
    places: list[list[int]] = [[] for _ in features]
    for place, feature in enumerate(asked):
        places[feature].append(place)
    return [itemgetter(*own, -1, -1) for own in places]


class _Explained(dict):
    """What a small tree explains, by the answers to its conditions, for those met so far."""

    __slots__ = ("_tree", "features")

    def __init__(self, tree: Tree) -> None:
        super().__init__()
        self._tree = tree
        used, root, points = tree
        self.features = sorted(_explain_tree(root, points, (True,) * len(used)))

    def __missing__(self, answers: int) -> list[float]:
        """Return each feature's effect; a bit of the answers is 1 where the row goes right."""
        used, root, points = self._tree
        sides = tuple(not answers >> place & 1 for place in range(len(used)))
        effects = _explain_tree(root, points, sides)
        self[answers] = found = [effects[feature] for feature in self.features]
        return found


def _split_by_patterns(trees: list[Tree]) -> tuple[list[Tree], list[Tree]]:
    """Return the trees to remember, of which there may be so many, and the others."""
    small: list[Tree] = []
    large: list[Tree] = []
    patterns = 0
    for tree in trees:
        patterns += 2 ** len(tree[0])
        is_small = len(tree[0]) <= BYTE and patterns <= MAX_PATTERNS
        (small if is_small else large).append(tree)
    return small, large


def _compile_answers(
    term: "Trees", features: "list[Feature]", trees: list[list[int]]
) -> Callable[[Numbers, Categories], bytes]:
    """Return the function from a row to a byte for each tree: where it goes at its conditions."""
    right = [0] * count_conditions(term)  # the bits of each condition
    for tree, used in enumerate(trees):
        for place, condition in enumerate(used, start=BYTE * tree):
            right[condition] |= 1 << place
    rest = iter(right)
    thresholds = term["thresholds"]
    missing_left = term.get("missing_left") or [[1] * len(group) for group in thresholds]
    by_number = []
    for group, is_left in zip(thresholds, missing_left, strict=True):
        bits = [*islice(rest, len(group))]
        missing = reduce(or_, compress(bits, map(not_, is_left)), 0)
        by_number.append([*accumulate(bits, or_, initial=0), missing])  # the last at place -1
    by_category = []
    for sides in read_category_sides(term, features):
        bits = [*islice(rest, len(sides[UNSEEN]))]
        by_category.append({text: reduce(or_, compress(bits, s), 0) for text, s in sides.items()})

    def read_answers(numbers: Numbers, categories: Categories) -> bytes:
        parts = chain(
            map(_get_bits, by_number, map(find_interval, thresholds, numbers)),
            map(_get_bits, by_category, categories),
        )
        return reduce(or_, parts, 0).to_bytes(len(trees), "little")

    return read_answers


def _count_nodes(root: Node) -> int:
    """Return how many nodes a tree has, leaves included."""
    count, ahead = 0, [root]
    while ahead:
        node = ahead.pop()
        count += 1
        if isinstance(node, tuple):
            ahead += node[-2:]
    return count


def _explain_tree(root: Node, points: Points, sides: Sides) -> dict[int, float]:
    """Return what each feature that a tree asks for moves the score of such a row by.

    At t, a player that kept a share of the weight this far brings the factor share (1 - t) + t,
    or without the t where the row went another way. A node changes its player's factor; what that
    does to the leaves below, by the derivative for this player alone, is its part of the effect.
    """
    ts, outs, point_weights = points
    pairs = [*zip(ts, outs, strict=True)]
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
        others, parts = products, point_weights
        if share != 1.0:
            before = [share * out + t for t, out in pairs]
            others = [*map(truediv, products, before)]
            parts = [*map(truediv, point_weights, before)]
        after = [kept * out + t for t, out in pairs]
        shares[player] = kept
        nears = visit(near, [*map(mul, others, after)])
        shares[player] = LOST
        fars = visit(far, [lost * part for part in map(mul, others, outs)])
        shares[player] = share
        effect = 0.0
        for part, n, a, f, out in zip(parts, nears, after, fars, outs, strict=True):
            effect += part * (lost * n / a - f / out)
        effects[feature] = effects.get(feature, 0.0) + effect
        return [*map(add, nears, fars)]

    visit(root, [1.0] * len(ts))
    return effects


def _compile_sides(
    term: "Trees", features: "list[Feature]"
) -> Callable[[Numbers, Categories], list[bool]]:
    """Return the function from a row to whether it goes left, by condition."""
    thresholds = term["thresholds"]
    missing = term.get("missing_left") or [[1] * len(group) for group in thresholds]
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
