import pytest

from inference.scoring.artifact import Artifact
from model.competition.speed import COSTS_US, count_work, estimate_us

FEATURES = [
    {"name": "tenure", "kind": "number"},
    {"name": "charges", "kind": "number"},
    {"name": "contract", "kind": "category", "categories": ["Annual", "Monthly"]},
    {"name": "paperless", "kind": "category", "categories": ["No", "Yes"]},
]
LINEAR = {
    "kind": "linear",
    "intercept": 0.0,
    "weights": [0.1, 0.2],
    "categories": [[0.1, 0.2, 0.0], [0.3, 0.4, 0.0]],
}
NOTHING = dict.fromkeys(COSTS_US, 0)


def chain(leaves):
    """Return nodes and values of a tree that tests one threshold again and again."""
    return [0, -1] * (leaves - 1) + [-1], [0.5] * leaves


def trees(*sizes, symmetric=()):
    nodes, values = zip(*map(chain, sizes), strict=True)
    return {
        "kind": "trees",
        "baseline": 0.0,
        "divisor": 1,
        "thresholds": [[12.5], []],
        "category_sets": [],
        "trees": {"nodes": [*nodes], "values": [*values]},
        "symmetric_trees": {
            "conditions": [[0] * depth for depth in symmetric],
            "values": [[0.5] * 2**depth for depth in symmetric],
        },
    }


def load(*terms):
    model = {"kind": "sum", "link": "logit", "scale": 1.0, "shift": 0.0, "terms": [*terms]}
    return Artifact(model, {"threshold": 0.5, "labels": ["0", "1"], "features": FEATURES}, {})


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        pytest.param([LINEAR], {"linear terms": 1}, id="linear"),
        pytest.param(
            # 13 leaves in 2 bytes; two numbers and one group of categories have a mask each
            [trees(4, 8, 1)],
            {"tree terms": 1, "bytes": 2, "mask kB": 3 * 2 / 1000},
            id="trees that share bytes",
        ),
        pytest.param(
            # 9 leaves in a word of 32 bits, 40 in one of 64: both have the wider ones
            [trees(9, 40, 8), LINEAR],
            {"linear terms": 1, "tree terms": 1}
            | {"bytes": 1, "words": 2, "leaves": 9 + 40, "mask kB": 3 * 17 / 1000},
            id="trees with words of their own, and a linear term",
        ),
        pytest.param(
            # two symmetric trees of 4 answers share a byte, one of 6 takes another
            [trees(8, symmetric=(4, 4, 6))],
            {"tree terms": 1, "bytes": 1, "answers": 2, "mask kB": 3 * 3 / 1000},
            id="symmetric trees",
        ),
        pytest.param(
            [trees(8) | {"missing_left": [[1], []]}],
            {"tree terms": 1, "gaps": 2, "bytes": 1, "mask kB": 3 * 1 / 1000},
            id="trees with sides for what is missing",
        ),
        pytest.param(
            [trees(1024, symmetric=(3,))], {"tree terms": 1, "steps": 10 + 3}, id="a deep tree"
        ),
    ],
)
def test_work_is_counted_from_the_model(terms, expected):
    counted = NOTHING | {"records": 1, "numbers": 2} | expected
    assert count_work(load(*terms)) == pytest.approx(counted, rel=1e-12)


def test_microseconds_are_the_work_times_its_cost():
    costs = COSTS_US
    expected = costs["records"] + 2 * costs["numbers"] + costs["tree terms"]
    expected += 2 * costs["bytes"] + 3 * 2 / 1000 * costs["mask kB"]

    assert estimate_us(load(trees(4, 8, 1))) == pytest.approx(expected, rel=1e-12)
