import json
from pathlib import Path

import pytest

from inference.scoring import trees
from inference.scoring.artifact import Artifact, load_artifact
from inference.scoring.blocks import compile_blocks, turn
from inference.scoring.records import encode_record

VECTORS = Path(__file__).parents[3] / "vectors"  # models of every kind that there is
NAMES = [path.name.removesuffix(".cases.json") for path in sorted(VECTORS.glob("*.cases.json"))]
FEATURES = [
    {"name": "tenure", "kind": "number"},
    {"name": "contract", "kind": "category", "categories": ["Annual", "Monthly"]},
]


def split_into_columns(rows, artifact):
    numbers = [[row[0][place] for row in rows] for place in range(len(artifact.lows))]
    count = len(artifact.features) - len(numbers)
    return numbers, [[row[1][place] for row in rows] for place in range(count)]


def make_artifact(*terms, scale=1.0, shift=0.0, features=FEATURES):
    model = {"kind": "sum", "link": "logit", "scale": scale, "shift": shift, "terms": [*terms]}
    return Artifact(model, {"threshold": 0.5, "labels": ["0", "1"], "features": features}, {})


def make_stairs(leaves):
    """Return a tree whose leaf says how many of its thresholds a tenure exceeds."""
    nodes = [*range(leaves - 1)]
    return {
        "kind": "trees",
        "link": "logit",
        "baseline": -0.5,
        "divisor": 3,
        "thresholds": [[place + 0.5 for place in nodes]],
        "category_sets": [],
        "trees": {
            "nodes": [[x for node in nodes for x in (node, -1)] + [-1]],
            "values": [[0.1 * leaf for leaf in range(leaves)]],
        },
    }


@pytest.mark.parametrize("name", NAMES)
def test_block_scores_as_its_rows_do_bit_for_bit(name):
    artifact = load_artifact(VECTORS.joinpath(f"{name}.model.json").read_bytes())
    cases = json.loads(VECTORS.joinpath(f"{name}.cases.json").read_text("utf-8"))["cases"]
    rows = [encode_record(case["record"], artifact.features)[:2] for case in cases]
    columns = split_into_columns(rows, artifact)

    scores = [*compile_blocks(artifact)(*columns, len(rows))]

    assert scores == [artifact.score(*row) for row in rows]
    assert compile_blocks(artifact) is compile_blocks(artifact)


@pytest.mark.parametrize("leaves", [1, 2, 8, 9, 40, 256, 257])
def test_tree_of_any_size_scores_as_counted(leaves):
    artifact = make_artifact(make_stairs(leaves))
    tenures = [0.0, 1.0, leaves - 2.0, leaves - 1.0]

    scores = [*compile_blocks(artifact)([tenures], [["Annual"] * 4], 4)]

    exits = [min(max(int(tenure), 0), leaves - 1) for tenure in tenures]
    assert scores == pytest.approx([0.1 * leaf / 3 - 0.5 for leaf in exits], rel=1e-14)


def test_trees_that_share_a_byte_or_a_code_are_told_apart():
    """Of 2, 3 and 6 leaves in 11 bits, the last across two bytes; their code takes 36 of 256."""
    parts = [make_stairs(leaves)["trees"] for leaves in (2, 3, 6)]
    term = make_stairs(6)
    term["trees"] = {name: [part[name][0] for part in parts] for name in ("nodes", "values")}
    artifact = make_artifact(term)
    tenures = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]

    scores = [*compile_blocks(artifact)([tenures], [["Monthly"] * 6], 6)]

    sums = [min(t, 1.0) + min(t, 2.0) + t for t in tenures]
    assert scores == pytest.approx([0.1 * total / 3 - 0.5 for total in sums], rel=1e-14)


@pytest.mark.parametrize("features", [FEATURES, FEATURES[:1]], ids=["text", "no text"])
def test_terms_are_weighed_and_added_up(features):
    linear = {"kind": "linear", "intercept": 0.25, "weights": [0.5]}
    linear["categories"] = [[1.0, -1.0, 0.0]] if len(features) > 1 else []
    artifact = make_artifact(make_stairs(3), linear, scale=2.0, shift=0.125, features=features)
    categories = [["Annual", "Monthly"]] if len(features) > 1 else []

    scores = compile_blocks(artifact)([[1.0, 2.0]], categories, 2)

    effects = [1.0, -1.0] if categories else [0.0, 0.0]
    by_hand = [
        2 * (0.1 * tenure / 3 - 0.5 + 0.25 + 0.5 * tenure + effect) + 0.125
        for tenure, effect in zip((1, 2), effects, strict=True)
    ]
    assert scores == pytest.approx(by_hand, rel=1e-14)


@pytest.mark.parametrize(("scale", "shift"), [(2.0, 0.0), (1.0, 0.125), (0.5, -1.0)])
def test_a_single_term_is_weighed_too(scale, shift):
    artifact = make_artifact(make_stairs(3), scale=scale, shift=shift)

    scores = compile_blocks(artifact)([[1.0, 2.0]], [["Annual", "Monthly"]], 2)

    by_hand = [scale * (0.1 * tenure / 3 - 0.5) + shift for tenure in (1, 2)]
    assert [*scores] == pytest.approx(by_hand, rel=1e-14)


def test_missing_number_is_scored_row_by_row():
    linear = {"kind": "linear", "intercept": 0.25, "weights": [0.5], "missing": [3.0]}
    artifact = make_artifact(linear | {"categories": [[1.0, -1.0, 0.0]]})

    scores = compile_blocks(artifact)([[float("nan"), 2.0]], [["Annual", "Annual"]], 2)

    assert [*scores] == [4.25, 2.25]


def test_deep_trees_are_walked(monkeypatch):
    monkeypatch.setattr(trees, "MAX_LEAVES_PER_TREE", 0)
    artifact = make_artifact(make_stairs(2))

    scores = compile_blocks(artifact)([[0.0, 1.0]], [["Annual"] * 2], 2)

    assert [*scores] == [-0.5, pytest.approx(0.1 / 3 - 0.5, rel=1e-14)]


def test_category_that_is_not_listed_raises():
    linear = {"kind": "linear", "intercept": 0.0, "weights": [1.0]}
    artifact = make_artifact(linear | {"categories": [[1.0, 2.0, 0.0]]})

    scores = compile_blocks(artifact)([[0.0, 1.0]], [["Annual", "Weekly"]], 2)

    with pytest.raises(KeyError):
        list(scores)


def test_rows_of_no_columns_are_empty():
    assert [*turn([], 2)] == [(), ()]
    assert [*turn([[1, 2], [3, 4]], 2)] == [(1, 3), (2, 4)]
