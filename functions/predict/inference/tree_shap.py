"""Exact path-dependent TreeSHAP values of a row, in the log-odds (or shares) that the leaves hold.

Source: Lundberg et al., From local explanations to global understanding with explainable AI for
trees, Nature Machine Intelligence 2 (2020), written out leaf by leaf. On the path to a leaf a
player that is "in" follows the row (1 where the row takes the path's side, else 0) and one that is
"out" takes the side by the share of training weight that went there. A leaf's value is divided
among the players of its path by Shapley's formula. A number is one player, a 0/1 column another;
the columns of a feature are summed, as in scikit-learn's own encoding.
"""

from collections.abc import Callable, Iterator
from math import comb, isnan, prod
from operator import add, mul

from inference.records import Categories, Numbers

LEAF = -1

_SIZE_FACTORS: list[list[float]] = [[]]  # by number of players; grows to the longest path seen

Condition = Callable[[Numbers, Categories], bool]  # whether a row goes left
Step = tuple[int, bool, float]  # condition, the path goes left, share of weight that does
Player = tuple[int, float, int, int]  # feature, share, bits of its conditions, bits that go left
Leaf = tuple[float, tuple[Player, ...]]
Subtree = tuple[float, float, "tuple[int, Subtree, Subtree] | None"]  # weight, value, inner node


def compile_tree_shap(
    model: dict, features: list[dict]
) -> tuple[float, Callable[[Numbers, Categories], list[float]]]:
    """Return the mean score over the training weight, and the function from a row to its effects.

    Args:
        model: the artifact's model section, kind "trees".
        features: of the schema; effects come in their order.
    """
    conditions, owners = _compile_conditions(model, features)
    trees, divisor = model["trees"], model["divisor"]
    leaves: list[Leaf] = []
    for nodes, values, weights in zip(
        trees["nodes"], trees["values"], trees["weights"], strict=True
    ):
        for value, path in _leaf_paths(nodes, values, weights):
            leaves.append((value / divisor, _merge_steps(path, owners)))
    base = model["baseline"] + sum(
        value * prod(player[1] for player in players) for value, players in leaves
    )

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        went_left = 0
        for place, goes_left in enumerate(conditions):
            went_left |= goes_left(numbers, categories) << place
        effects = [0.0] * len(features)
        for value, players in leaves:
            _share_leaf(effects, value, players, went_left)
        return effects

    return base, explain


def _share_leaf(
    effects: list[float], value: float, players: tuple[Player, ...], went_left: int
) -> None:
    """Add to each feature its part of one leaf's value."""
    followers, others, outside = [], [], value
    for player in players:
        if (went_left ^ player[3]) & player[2]:
            others.append(player)
            outside *= player[1]
        else:
            followers.append(player)
    factors = _size_factors(len(players))
    by_size = _coalition_shares(followers)
    if others:
        loss = outside * sum(map(mul, factors, by_size))
        for feature, *_ in others:
            effects[feature] -= loss
    for feature, share, *_ in followers:
        rest = sum(map(mul, factors, _without(by_size, share)))
        effects[feature] += (1.0 - share) * outside * rest


def _coalition_shares(followers: list[Player]) -> list[float]:
    """Return, for each size, the product of the shares of those left out, over all coalitions.

    These are the coefficients of the product of (share + x) over the players.
    """
    by_size = [1.0]
    for _, share, *_ in followers:
        left_out = [product * share for product in by_size]
        by_size = [*map(add, [*left_out, 0.0], [0.0, *by_size])]
    return by_size


def _without(by_size: list[float], share: float) -> list[float]:
    """Return the coefficients divided by (share + x): the coalitions of all players but one."""
    quotient = 0.0
    quotients = []
    for coefficient in reversed(by_size):
        quotient = coefficient - share * quotient
        quotients.append(quotient)
    return quotients[-2::-1]


def _size_factors(players: int) -> list[float]:
    """Return Shapley's weight of one coalition of each size, among the other players."""
    while len(_SIZE_FACTORS) <= players:
        count = len(_SIZE_FACTORS)
        _SIZE_FACTORS.append([1.0 / (count * comb(count - 1, size)) for size in range(count)])
    return _SIZE_FACTORS[players]


def _compile_conditions(
    model: dict, features: list[dict]
) -> tuple[list[Condition], list[tuple[object, int]]]:
    """Return what each condition asks of a row, and its player and feature, in file order."""
    conditions: list[Condition] = []
    owners: list[tuple[object, int]] = []
    thresholds = model["thresholds"]
    missing_left = model.get("missing_left") or [[0] * len(group) for group in thresholds]
    for feature, group in enumerate(thresholds):
        for threshold, left in zip(group, missing_left[feature], strict=True):
            conditions.append(_number_condition(feature, threshold, bool(left)))
            owners.append((("number", feature), feature))
    for feature, going_right in model["category_sets"]:
        texts = frozenset(features[feature]["categories"][index] for index in going_right)
        conditions.append(_category_condition(feature - len(thresholds), texts))
        owners.append((("set", len(conditions)), feature))
    return conditions, owners


def _number_condition(feature: int, threshold: float, missing_left: bool) -> Condition:
    def goes_left(numbers: Numbers, _: Categories) -> bool:
        number = numbers[feature]
        return missing_left if isnan(number) else number <= threshold

    return goes_left


def _category_condition(place: int, going_right: frozenset[str]) -> Condition:
    return lambda _, categories: categories[place] not in going_right


def _leaf_paths(
    nodes: list[int], values: list[float], weights: list[float]
) -> Iterator[tuple[float, list[Step]]]:
    """Yield each leaf's value and the steps from the root to it."""
    ahead: list[tuple[Subtree, list[Step]]] = [(_read_tree(nodes, values, weights), [])]
    while ahead:
        (weight, value, inner), path = ahead.pop()
        if inner is None:
            yield value, path
            continue
        condition, left, right = inner
        ahead.append((right, [*path, (condition, False, right[0] / weight)]))
        ahead.append((left, [*path, (condition, True, left[0] / weight)]))


def _read_tree(nodes: list[int], values: list[float], weights: list[float]) -> Subtree:
    """Return the tree that a preorder list of conditions describes, with the weight of each part.

    Read from its end, so that a node's children are there before it: deep trees need no recursion.
    """
    leaves = list(zip(weights, values, strict=True))
    built: list[Subtree] = []
    for condition in reversed(nodes):
        if condition == LEAF:
            built.append((*leaves.pop(), None))
        else:
            left, right = built.pop(), built.pop()
            built.append((left[0] + right[0], 0.0, (condition, left, right)))
    (tree,) = built
    return tree


def _merge_steps(path: list[Step], owners: list[tuple[object, int]]) -> tuple[Player, ...]:
    """Return the path's players: steps of one player multiply, and the row must follow them all."""
    merged: dict[object, Player] = {}
    for condition, side, share in path:
        key, feature = owners[condition]
        _, before, asked, left = merged.get(key, (feature, 1.0, 0, 0))
        bit = 1 << condition
        merged[key] = (feature, before * share, asked | bit, left | bit if side else left)
    return tuple(merged.values())
