import gc
import random
import weakref
from itertools import combinations
from math import comb, inf, nan

import pytest

from inference.advice import tree_shap
from inference.advice.tree_nodes import MAX_DEPTH
from inference.advice.tree_shap import compile_tree_shap
from inference.errors import BodyError
from inference.scoring.records import UNSEEN

TOLERANCE = 1e-12  # sums of a few dozen numbers of size 1, in another order

FEATURES = [
    {"name": "tenure", "kind": "number"},
    {"name": "charges", "kind": "number"},
    {"name": "contract", "kind": "category", "categories": ["Annual", "Monthly", "None"]},
]
# One tree: tenure up to 12 is worth 3 and has 30 of 40 customers, the others are worth -1.
STUMP = {
    "link": "logit",
    "baseline": 0.5,
    "divisor": 1,
    "thresholds": [[12.0], []],
    "category_sets": [],
    "trees": {"nodes": [[0, -1, -1]], "values": [[3, -1]], "weights": [[30, 10]]},
}


@pytest.fixture(params=["remembered", "worked out anew"])
def compiled(request, monkeypatch):
    """Both ways of explaining trees, as the function from model and features to its result."""
    if request.param == "worked out anew":
        monkeypatch.setattr(tree_shap, "MAX_PATTERNS", 0)
    return compile_tree_shap


def test_two_leaves_by_hand(compiled):
    base, explain, _ = compiled(STUMP, FEATURES)

    mean = 0.75 * 3 + 0.25 * -1
    assert base == 0.5 + mean
    assert explain((12.0, 70.0), ("Annual",)) == [3 - mean, 0.0, 0.0]
    assert explain((13.0, 70.0), ("Annual",)) == [-1 - mean, 0.0, 0.0]


def test_two_players_by_hand(compiled):
    # 20 of 40 customers have a monthly contract (the condition sends them right); of these,
    # 5 pay up to 60. Leaves: 0 for the others, 4 for the cheap ones, 8 for the dear ones.
    model = STUMP | {
        "thresholds": [[], [60.0]],
        "category_sets": [[2, [1]]],
        "trees": {"nodes": [[1, -1, 0, -1, -1]], "values": [[0, 4, 8]], "weights": [[20, 5, 15]]},
    }
    base, explain, _ = compiled(model, FEATURES)

    # What a coalition expects for someone monthly and dear: nobody 0.5 x 7, contract alone 7,
    # charges alone 0.5 x 8, both 8. Each player's part is the mean over the two orders.
    assert base == pytest.approx(0.5 + 3.5, abs=TOLERANCE)
    contract = ((7 - 3.5) + (8 - 4)) / 2
    charges = ((4 - 3.5) + (8 - 7)) / 2
    assert explain((1.0, 90.0), ("Monthly",)) == pytest.approx([0.0, charges, contract])


def test_a_single_leaf_moves_nothing(compiled):
    model = STUMP | {"trees": {"nodes": [[-1]], "values": [[0.25]], "weights": [[40]]}}

    base, explain, _ = compiled(model, FEATURES)

    assert (base, explain((1.0, 2.0), ("Annual",))) == (0.75, [0.0, 0.0, 0.0])


def test_forest_divides_by_its_trees(compiled):
    trees = {"nodes": [[0, -1, -1], [-1]], "values": [[1, 0], [0.5]], "weights": [[30, 10], [40]]}
    model = STUMP | {"link": "identity", "baseline": 0.0, "divisor": 2, "trees": trees}

    base, explain, _ = compiled(model, FEATURES)

    assert base == (0.75 + 0.5) / 2
    assert explain((1.0, 2.0), ("Annual",)) == [0.25 / 2, 0.0, 0.0]


@pytest.mark.parametrize("has_missing", [False, True], ids=["complete", "missing"])
@pytest.mark.parametrize("leaves", [2, 3, 6, 12])
def test_random_trees_share_as_shapleys_formula_does(compiled, leaves, has_missing):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    draw = random.Random(seed)
    model = draw_model(draw, leaves, has_missing)
    base, explain, _ = compiled(model, FEATURES)

    for _ in range(5):
        row = draw_row(draw, has_missing)
        expected_base, expected = share_by_formula(model, *row)
        assert base == pytest.approx(expected_base, abs=TOLERANCE)
        assert explain(*row) == pytest.approx(expected, abs=TOLERANCE)
        assert explain(*row) == explain(*row)


@pytest.mark.parametrize(("trees", "visits"), [(1, 1), (20, 1), (21, 2), (100, 5)])
def test_many_small_trees_take_the_time_of_one_visit(trees, visits):
    model = STUMP | {
        "trees": {name: parts * trees for name, parts in STUMP["trees"].items()},
    }

    assert compile_tree_shap(model, FEATURES)[2] == visits


def test_tree_of_many_conditions_is_worked_out_anew_beside_small_ones():
    thresholds = [float(number) for number in range(9)]
    chain = [*range(9), *[-1] * 10]
    trees = {
        "nodes": [chain, [0, -1, -1]],
        "values": [[*range(10)], [1, -1]],
        "weights": [[1] * 10, [1, 3]],
    }
    model = STUMP | {"thresholds": [thresholds, []], "trees": trees}
    base, explain, visits = compile_tree_shap(model, FEATURES)

    assert visits == 19 + 1
    assert base == pytest.approx(0.5 + 4.5 - 0.5)
    # one player: all of the difference is its; a tenure of 0 or less goes left at each condition
    assert explain((8.5, 1.0), ("Annual",)) == pytest.approx([9 - 1 - 4.0, 0.0, 0.0])
    assert explain((0.0, 1.0), ("Annual",)) == pytest.approx([0 + 1 - 4.0, 0.0, 0.0])


def test_symmetric_tree_asks_its_last_condition_first(compiled):
    # charges first, then contract; the weights make the order matter, as below
    symmetric = {
        "conditions": [[1, 0]],
        "values": [[0.0, 4.0, 2.0, 8.0]],
        "weights": [[10, 10, 0, 20]],
    }
    model = STUMP | {
        "thresholds": [[], [60.0]],
        "category_sets": [[2, [1]]],
        "trees": {"nodes": [], "values": [], "weights": []},
        "symmetric_trees": symmetric,
    }
    base, explain, _ = compiled(model, FEATURES)

    # Someone dear with an annual contract is in a leaf without customers: 2. Nobody known: 20 of
    # 40 are dear and all of these monthly, so 0.5 x 2 + 0.5 x 8. Charges alone: 8. Contract alone:
    # 0.5 x 0 + 0.5 x 2. Both: 2.
    assert base == pytest.approx(0.5 + 5.0, abs=TOLERANCE)
    charges = ((8 - 5) + (2 - 1)) / 2
    contract = ((1 - 5) + (2 - 8)) / 2
    assert explain((1.0, 90.0), ("Annual",)) == pytest.approx([0.0, charges, contract])


def test_symmetric_tree_without_any_customers_on_one_side_adds_up(compiled):
    symmetric = {
        "conditions": [[1, 0]],
        "values": [[1.0, 2.0, 3.0, 4.0]],
        "weights": [[3, 1, 0, 0]],
    }
    model = STUMP | {
        "thresholds": [[], [60.0]],
        "category_sets": [[2, [1]]],
        "trees": {"nodes": [], "values": [], "weights": []},
        "symmetric_trees": symmetric,
    }
    base, explain, _ = compiled(model, FEATURES)

    effects = explain((1.0, 90.0), ("Monthly",))

    assert base == 0.5 + 1.25
    assert base + sum(effects) == pytest.approx(0.5 + 4.0, abs=TOLERANCE)


def test_many_ways_cost_a_visit_to_each_node(monkeypatch):
    monkeypatch.setattr(tree_shap, "MAX_PATTERNS", 1)

    _, _, visits = compile_tree_shap(STUMP, FEATURES)

    assert visits == 3


def test_what_is_remembered_goes_with_the_model():
    _, explain, _ = compile_tree_shap(STUMP, FEATURES)
    explain((5.0, 1.0), ("Annual",))
    watch = weakref.ref(explain)

    del explain
    gc.collect()

    assert watch() is None


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1])
def test_trees_too_deep_for_python_are_refused(depth):
    model = STUMP | {
        "trees": {
            "nodes": [[0] * depth + [-1] * (depth + 1)],
            "values": [[1] * (depth + 1)],
            "weights": [[1] * (depth + 1)],
        }
    }

    if depth <= MAX_DEPTH:
        _, explain, _ = compile_tree_shap(model, FEATURES)
        assert explain((1.0, 1.0), ("Annual",)) == pytest.approx([0.0, 0.0, 0.0], abs=TOLERANCE)
    else:
        with pytest.raises(BodyError) as refusal:
            compile_tree_shap(model, FEATURES)
        assert refusal.value.message == "reasons: the trees of this model are too deep"


def draw_model(draw, leaves, has_missing):
    thresholds = [sorted(draw.uniform(-1, 1) for _ in range(size)) for size in (4, 2)]
    sets = [[2, [category]] for category in range(3)]
    trees = [draw_tree(draw, draw.randint(1, leaves)) for _ in range(4)]
    model = {
        "baseline": draw.uniform(-1, 1),
        "divisor": draw.choice([1, 4]),
        "thresholds": thresholds,
        "category_sets": sets,
        "trees": {
            "nodes": trees,
            "values": [[draw.gauss(0, 1) for _ in range(nodes.count(-1))] for nodes in trees],
            "weights": [[draw.randint(1, 99) for _ in range(nodes.count(-1))] for nodes in trees],
        },
    }
    if has_missing:
        model["missing_left"] = [[draw.randint(0, 1) for _ in group] for group in thresholds]
    return model


def draw_tree(draw, leaves):
    if leaves == 1:
        return [-1]
    to_left = draw.randint(1, leaves - 1)
    return [draw.randrange(9), *draw_tree(draw, to_left), *draw_tree(draw, leaves - to_left)]


def draw_row(draw, has_missing):
    numbers = (draw.uniform(-1.2, 1.2), draw.choice([nan, -inf] if has_missing else [inf, 0.0]))
    return numbers, (draw.choice(["Annual", "Monthly", "None", UNSEEN]),)


def share_by_formula(model, numbers, categories):
    """Return base and effects by Shapley's formula over all coalitions of the five columns."""
    columns = [0] * 4 + [1] * 2 + [2, 3, 4]  # of each condition; the three texts have one each
    sides = list_sides(model, numbers, categories)

    def expect(coalition):
        known = [side if c in coalition else None for c, side in zip(columns, sides, strict=True)]
        parts = (model["trees"][name] for name in ("nodes", "values", "weights"))
        trees = zip(*parts, strict=True)
        total = sum(expect_subtree(tuple(map(iter, tree)), known)[0] for tree in trees)
        return total / model["divisor"]

    effects = [0.0] * 5
    for player in range(5):
        others = [other for other in range(5) if other != player]
        for size in range(5):
            for coalition in combinations(others, size):
                added = expect({*coalition, player}) - expect({*coalition})
                effects[player] += added / (5 * comb(4, size))
    return model["baseline"] + expect(set()), [*effects[:2], sum(effects[2:])]


def list_sides(model, numbers, categories):
    sides = []
    for place, group in enumerate(model["thresholds"]):
        for rank, threshold in enumerate(group):
            is_missing = numbers[place] != numbers[place]
            missing = is_missing and model["missing_left"][place][rank]
            sides.append(bool(missing) if is_missing else numbers[place] <= threshold)
    known = FEATURES[2]["categories"]
    return sides + [text != categories[0] for text in known]


def expect_subtree(tree, known):
    """Return what is expected of a subtree, and its weight; a side that isn't known is None."""
    nodes, values, weights = tree
    condition = next(nodes)
    if condition == -1:
        return next(values), next(weights)
    left, left_weight = expect_subtree(tree, known)
    right, right_weight = expect_subtree(tree, known)
    weight = left_weight + right_weight
    if known[condition] is None:
        return (left * left_weight + right * right_weight) / weight, weight
    return (left if known[condition] else right), weight
