import json
import math
import random
import re
from math import inf, nan, nextafter
from pathlib import Path

import pytest

from inference.errors import ArtifactError
from inference.scoring import trees
from inference.scoring.records import UNSEEN
from inference.scoring.tree_walk import compile_walk
from inference.scoring.trees import compile_trees, suits_masks

TOLERANCE = 1e-13  # a hundred values near 1, each rounded to 2**-52 of their largest sum
LARGEST = math.nextafter(inf, 0.0)

# tenure <= 12.5 ? (contract is Monthly ? 0.5 : -1) : (charges <= 70 ? -2 : 0.25); and 0.125 for all
MODEL = {
    "kind": "trees",
    "link": "logit",
    "baseline": -0.5,
    "divisor": 1,
    "thresholds": [[12.5], [70.0]],
    "category_sets": [[2, [1]]],
    "trees": {
        "nodes": [[0, 2, -1, -1, 1, -1, -1], [-1]],
        "values": [[-1.0, 0.5, -2.0, 0.25], [0.125]],
        "weights": [[40, 30, 20, 10], [100]],
    },
}
FEATURES = [
    {"name": "tenure", "kind": "number"},
    {"name": "charges", "kind": "number"},
    {"name": "contract", "kind": "category", "categories": ["Annual", "Monthly"]},
    {"name": "paperless", "kind": "category", "categories": ["No", "Yes"]},
]


@pytest.fixture(params=[compile_trees, compile_walk], ids=["masks", "walk"])
def compiled(request):
    """Both ways of scoring, as functions from model and features to the scorer."""
    return request.param


@pytest.mark.parametrize(
    ("numbers", "categories", "leaf"),
    [
        pytest.param((5.0, 80.0), ("Annual", "No"), -1.0, id="left, not in the set"),
        pytest.param((5.0, 80.0), ("Monthly", "Yes"), 0.5, id="left, in the set"),
        pytest.param((5.0, 80.0), (UNSEEN, UNSEEN), -1.0, id="an unseen category is in no set"),
        pytest.param((12.5, 0.0), ("Annual", "No"), -1.0, id="a threshold belongs to the left"),
        pytest.param((nextafter(12.5, inf), 70), ("Annual", "No"), -2.0, id="one ulp above it"),
        pytest.param((LARGEST, LARGEST), ("Annual", "No"), 0.25, id="largest"),
        pytest.param((-LARGEST, -LARGEST), ("Annual", "No"), -1.0, id="smallest"),
    ],
)
def test_score_is_baseline_and_exit_leaves(compiled, numbers, categories, leaf):
    score = compiled(MODEL, FEATURES)

    assert score(numbers, categories) == -0.5 + leaf + 0.125


def test_forest_averages_its_trees(compiled):
    model = MODEL | {"link": "identity", "baseline": 0.0, "divisor": 2}
    model["trees"] = MODEL["trees"] | {"values": [[0, 1, 0.5, 0.25], [1]]}

    score = compiled(model, FEATURES)

    assert score((5.0, 80.0), ("Monthly", "No")) == 1.0
    assert score((50.0, 60.0), ("Monthly", "No")) == 0.75


def test_example_of_the_format_scores_as_its_page_says(compiled):
    page = Path(__file__).parents[4].joinpath("docs", "artifact.md").read_text(encoding="utf-8")
    example, _ = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    contracts = ["Month-to-month", "One year", "Two year"]
    features = [
        {"name": "tenure", "kind": "number"},
        {"name": "MonthlyCharges", "kind": "number"},
        {"name": "Contract", "kind": "category", "categories": contracts},
    ]

    score = compiled(json.loads(example), features)

    assert score((5.0, 50.0), ("Month-to-month",)) == -0.125
    assert score((50.0, 50.0), ("Month-to-month",)) == -1.0 - 1.25 + 0.125


def test_symmetric_trees_leaf_has_the_bits_of_the_conditions_that_send_it_right(compiled):
    # contract Monthly is worth 10, charges above 70 are worth 100; a second tree asks for tenure,
    # and a third for nothing
    trees = {"nodes": [], "values": []}
    symmetric = {"conditions": [[2, 1], [0], []], "values": [[0, 10, 100, 110], [1, 2], [0.25]]}
    score = compiled(MODEL | {"trees": trees, "symmetric_trees": symmetric}, FEATURES)

    assert score((12.5, 70.0), ("Annual", "No")) == -0.5 + 0 + 1 + 0.25
    assert score((13.0, 70.0), ("Monthly", "No")) == -0.5 + 10 + 2 + 0.25
    assert score((13.0, 71.0), ("Annual", "No")) == -0.5 + 100 + 2 + 0.25
    assert score((12.5, 71.0), ("Monthly", UNSEEN)) == -0.5 + 110 + 1 + 0.25


def test_set_can_have_all_texts_that_are_not_listed(compiled):
    score = compiled(MODEL | {"category_sets": [[2, [2]]]}, FEATURES)

    assert score((5.0, 80.0), ("Monthly", "No")) == -0.5 - 1.0 + 0.125
    assert score((5.0, 80.0), (UNSEEN, "No")) == -0.5 + 0.5 + 0.125


def test_missing_number_goes_where_its_node_sends_it(compiled):
    model = MODEL | {
        "thresholds": [[12.5, 12.5], []],
        "missing_left": [[0, 1], []],
        "category_sets": [],
        "trees": {"nodes": [[0, -1, -1], [1, -1, -1]], "values": [[1.0, 2.0], [10.0, 20.0]]},
    }

    score = compiled(model, FEATURES)

    assert score((nan, nan), ("Annual", "No")) == -0.5 + 2.0 + 10.0
    assert score((12.5, nan), ("Annual", "No")) == -0.5 + 1.0 + 10.0
    assert score((13.0, 1.0), ("Annual", "No")) == -0.5 + 2.0 + 20.0


@pytest.mark.parametrize("categories", [("Weekly", "No"), ("Annual", "Maybe")])
def test_unknown_category_text_is_a_key_error(compiled, categories):
    score = compiled(MODEL, FEATURES)

    with pytest.raises(KeyError):
        score((5.0, 80.0), categories)


@pytest.mark.parametrize("has_missing", [False, True], ids=["complete", "missing"])
@pytest.mark.parametrize("leaves", [1, 2, 5, 8, 13, 40, 100])
def test_random_ensembles_score_as_a_reader_of_the_format_does(compiled, leaves, has_missing):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    draw = random.Random(seed)
    model, features = _draw_model(draw, leaves, has_missing)
    score = compiled(model, features)

    for _ in range(50):
        numbers, categories = _draw_row(draw, model, features, has_missing)
        expected = _read_naively(model, features, numbers, categories)
        assert score(numbers, categories) == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("limit", ["MAX_LEAVES_PER_TREE", "MAX_MASK_BYTES"])
def test_ensemble_too_large_for_masks_is_walked(monkeypatch, limit):
    monkeypatch.setattr(trees, limit, 0)

    score = compile_trees(MODEL, FEATURES)

    assert score.__module__ == "inference.scoring.tree_walk"
    assert score((5.0, 80.0), ("Monthly", "Yes")) == -0.5 + 0.5 + 0.125


@pytest.mark.parametrize(
    ("change", "most"), [({}, 32_000), ({"is_format_2": True}, 8_000)], ids=["format 3", "format 2"]
)
def test_masks_have_16_mb_at_most_and_4_of_format_2(change, most):
    """A condition's mask has a bit for each leaf: 4,000 are 500 bytes."""
    term = {"trees": {"values": [[0.0] * 100] * 40}, "category_sets": []} | change

    assert suits_masks(term | {"thresholds": [[0.0] * most]})
    assert not suits_masks(term | {"thresholds": [[0.0] * (most + 1)]})


@pytest.mark.parametrize(("leaves", "suits"), [([126, 130], True), ([127, 130], False)])
def test_trees_have_128_leaves_at_most_on_average(leaves, suits):
    values = [[0.0] * count for count in leaves]
    term = {"trees": {"values": values}, "category_sets": [], "thresholds": [[0.0] * 9]}

    assert suits_masks(term) is suits


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"thresholds": [[12.5]]}, "artifact.thresholds: expected one list for each number"),
        ({"thresholds": [[12.5], [70.0, 60.0]]}, "artifact.thresholds: expected ascending ones"),
        ({"divisor": 0}, "artifact.divisor: expected 1 or more"),
        (
            {"category_sets": [[3, [0]], [2, [1]]]},
            "artifact.category_sets: expected the features' order",
        ),
        (
            {"trees": MODEL["trees"] | {"values": [[-1.0, 0.5, -2.0], [0.125]]}},
            "artifact.trees: expected a value for each leaf",
        ),
        (
            {"trees": MODEL["trees"] | {"nodes": [[0, 2, -1, -1, 1, -1, -1], [-1, -1]]}},
            "artifact.trees: expected a value for each leaf",
        ),
        (
            {"symmetric_trees": {"conditions": [[0, 1]], "values": [[1.0, 2.0, 3.0]]}},
            "artifact.symmetric_trees: expected 2 to the power of the depth values, 256 at most",
        ),
        (
            {"symmetric_trees": {"conditions": [[0] * 9], "values": [[0.0] * 512]}},
            "artifact.symmetric_trees: expected 2 to the power of the depth values, 256 at most",
        ),
    ],
    ids=["numbers", "order", "divisor", "sets", "values", "nodes", "answers", "deep"],
)
def test_inconsistent_model_is_refused(change, message):
    with pytest.raises(ArtifactError) as refusal:
        compile_trees(MODEL | change, FEATURES)

    assert str(refusal.value) == message


def _draw_model(draw, leaves, has_missing):
    categories = [[f"c{i}" for i in range(draw.randint(1, 5))] for _ in range(3)]
    features = [
        *({"name": f"n{i}", "kind": "number"} for i in range(3)),
        *(
            {"name": f"t{i}", "kind": "category", "categories": texts}
            for i, texts in enumerate(categories)
        ),
    ]
    thresholds = [sorted(draw.uniform(-1, 1) for _ in range(size)) for size in (4, 1, 0)]
    sets = [
        [3 + place, draw.sample(range(len(texts) + 1), draw.randint(1, len(texts)))]
        for place, texts in enumerate(categories)
        for _ in range(2)
    ]
    conditions = sum(map(len, thresholds)) + len(sets)
    shapes = [_draw_tree(draw, draw.randint(1, leaves), conditions) for _ in range(12)]
    model = {
        "baseline": draw.uniform(-1, 1),
        "divisor": draw.choice([1, 12]),
        "thresholds": thresholds,
        "category_sets": sets,
        "trees": {
            "nodes": shapes,
            "values": [[draw.gauss(0, 1) for _ in range(nodes.count(-1))] for nodes in shapes],
        },
    }
    depths = [draw.randint(0, 8) for _ in range(draw.randint(0, 6))]
    model["symmetric_trees"] = {
        "conditions": [[draw.randrange(conditions) for _ in range(depth)] for depth in depths],
        "values": [[draw.gauss(0, 1) for _ in range(2**depth)] for depth in depths],
    }
    if has_missing:
        model["missing_left"] = [[draw.randint(0, 1) for _ in group] for group in thresholds]
    return model, features


def _draw_tree(draw, leaves, conditions):
    if leaves == 1:
        return [-1]
    to_left = draw.randint(1, leaves - 1)
    left = _draw_tree(draw, to_left, conditions)
    return [draw.randrange(conditions), *left, *_draw_tree(draw, leaves - to_left, conditions)]


def _draw_row(draw, model, features, has_missing):
    numbers = tuple(
        draw.choice([*group, draw.uniform(-1.2, 1.2), *([nan] if has_missing else [])])
        for group in model["thresholds"]
    )
    texts = [spec["categories"] for spec in features if spec["kind"] == "category"]
    return numbers, tuple(draw.choice([*known, UNSEEN]) for known in texts)


def _read_naively(model, features, numbers, categories):
    """Return the score as docs/artifact.md says, node by node."""
    sides = []
    missing_left = model.get("missing_left")
    for place, group in enumerate(model["thresholds"]):
        for rank, threshold in enumerate(group):
            is_missing = math.isnan(numbers[place])
            sides.append(missing_left[place][rank] if is_missing else numbers[place] <= threshold)
    for feature, going_right in model["category_sets"]:
        known = features[feature]["categories"]
        text = categories[feature - len(numbers)]
        number = len(known) if text is UNSEEN else known.index(text)
        sides.append(number not in going_right)
    total = 0.0
    for nodes, values in zip(model["trees"]["nodes"], model["trees"]["values"], strict=True):
        rest, leaves = iter(nodes), iter(values)
        total += _read_subtree(rest, leaves, sides)
    symmetric = model["symmetric_trees"]
    for asked, values in zip(symmetric["conditions"], symmetric["values"], strict=True):
        total += values[sum(2**place for place, asks in enumerate(asked) if not sides[asks])]
    return total / model["divisor"] + model["baseline"]


def _read_subtree(nodes, leaves, sides):
    condition = next(nodes)
    if condition == -1:
        return next(leaves)
    left, right = _read_subtree(nodes, leaves, sides), _read_subtree(nodes, leaves, sides)
    return left if sides[condition] else right
