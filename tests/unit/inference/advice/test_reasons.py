import gc
import weakref

import pytest

from inference.advice import reasons
from inference.advice.reasons import compile_reasons, explain_records
from inference.errors import BodyError, TooLargeError
from inference.scoring.artifact import load_artifact

# By hand, from the weights and means in tests/unit/conftest.py, for tenure 10, charges 90,
# month-to-month, paperless: the weight per unit times the distance from the training mean, and
# for a text its weight less the mean weight (contract 0.26, paperless 0.1).
EFFECTS = [
    ("tenure", 10.0, -0.8 / 20 * (10 - 32)),
    ("contract", "Month-to-month", 0.9 - 0.26),
    ("charges", 90.0, 0.4 / 30 * (90 - 65)),
    ("paperless", "Yes", 0.2 - 0.1),
]
BASE = -0.5 - 0.8 / 20 * (32 - 30) + 0.4 / 30 * (65 - 60) + 0.26 + 0.1
LOG_ODDS = 1.8
# A tenure up to 12, or none, goes left; a two year contract goes right.
TREES = {
    "kind": "trees",
    "link": "identity",
    "baseline": 0.0,
    "divisor": 1,
    "thresholds": [[12.0], []],
    "missing_left": [[1], []],
    "category_sets": [[2, [1]]],
    "trees": {
        "nodes": [[0, -1, 1, -1, -1]],
        "values": [[0.8, 0.4, 0.2]],
        "weights": [[20, 10, 10]],
    },
}

SUM = {
    "kind": "sum",
    "scale": 1.25,
    "shift": -0.5,
    "terms": [
        {
            "kind": "linear",
            "intercept": -1.0,
            "weights": [-0.03125, 0.0],
            "missing": [-0.5, 0.0],
            "categories": [[0.5, -0.75, 0.0]],
            "means": [-1.0, 0.0, 0.125],
        },
        {
            "kind": "trees",
            "baseline": 0.25,
            "divisor": 1,
            "thresholds": [[12.5], [70.0]],
            "missing_left": [[1], [0]],
            "category_sets": [[2, [1]]],
            "trees": {"nodes": [[0, -1, -1]], "values": [[0.5, -0.5]], "weights": [[40, 60]]},
            "symmetric_trees": {
                "conditions": [[1, 2]],
                "values": [[0.0, 0.25, 1.0, 2.0]],
                "weights": [[30, 20, 40, 10]],
            },
        },
    ],
}


@pytest.fixture
def forest(document, pack):
    document["artifact"] = TREES
    document["schema"]["features"][0]["blank"] = None
    return load_artifact(pack(document))


def test_linear_effects_by_hand(artifact, record):
    answer = explain_records(artifact, [record], [0.5], 4)

    expected = [
        {"feature": name, "value": value, "effect": pytest.approx(effect)}
        for name, value, effect in EFFECTS
    ]
    assert answer == {"reasons": [expected], "base": pytest.approx(BASE), "unit": "log-odds"}
    assert sum(effect for *_, effect in EFFECTS) + BASE == pytest.approx(LOG_ODDS)


@pytest.mark.parametrize(("most", "names"), [(1, ["tenure"]), (2, ["tenure", "contract"])])
def test_strongest_come_first(artifact, record, most, names):
    answer = explain_records(artifact, [record], [0.5], most)

    assert [reason["feature"] for reason in answer["reasons"][0]] == names


def test_more_than_there_are_features_gives_all(artifact, record):
    answer = explain_records(artifact, [record], [0.5], 1000)

    assert len(answer["reasons"][0]) == 4


def test_unseen_category_shows_as_null_and_moves_by_the_mean_weight(artifact, record):
    record["contract"] = "Weekly"

    answer = explain_records(artifact, [record], [0.5], 4)

    (listed,) = answer["reasons"]
    contract = next(reason for reason in listed if reason["feature"] == "contract")
    assert contract == {"feature": "contract", "value": None, "effect": pytest.approx(-0.26)}


def test_blank_shows_what_was_scored(artifact, record):
    record["tenure"] = ""

    (listed,) = explain_records(artifact, [record], [0.5], 4)["reasons"]

    tenure = next(reason for reason in listed if reason["feature"] == "tenure")
    assert tenure == {"feature": "tenure", "value": 29.0, "effect": pytest.approx(-0.04 * -3)}


def test_record_without_a_prediction_has_none(artifact, record):
    answer = explain_records(artifact, [{}, record], [None, 0.5], 1)

    assert [listed is None for listed in answer["reasons"]] == [True, False]


def test_forest_explains_probabilities(forest, record):
    record |= {"tenure": None, "contract": "Two year"}

    answer = explain_records(forest, [record], [0.8], 2)

    # Half of the customers are on either side of the first node, and of the second. Expected by
    # nobody: 0.55; by contract alone: 0.5 x 0.8 + 0.5 x 0.2; by tenure alone, or both: 0.8.
    tenure = ((0.8 - 0.55) + (0.8 - 0.5)) / 2
    contract = ((0.5 - 0.55) + (0.8 - 0.8)) / 2
    assert answer == {
        "reasons": [
            [
                {"feature": "tenure", "value": None, "effect": pytest.approx(tenure)},
                {"feature": "contract", "value": "Two year", "effect": pytest.approx(contract)},
            ]
        ],
        "base": pytest.approx(0.55),
        "unit": "probability",
    }


def test_effects_of_a_sum_are_scaled_and_added_up(document, pack):
    document |= {"format_version": 3, "artifact": SUM}
    for spec in document["schema"]["features"]:
        spec["blank"] = None
    document["schema"]["features"][3:] = []
    artifact = load_artifact(pack(document))

    record = {"tenure": None, "charges": 80.0, "contract": "Two year"}
    answer = explain_records(artifact, [record], [0.5], 3)

    # What the linear term's parts differ from their means by; 0.5 against a mean of -0.1 in the
    # tree; and in the symmetric one, which expects 0.65 of nobody, 1.2 of the contract alone,
    # 1.125 of the charges alone and 2 of both, the mean over the two orders.
    tenure = 1.25 * ((-0.5 + 1.0) + (0.5 + 0.1))
    charges = 1.25 * ((1.125 - 0.65) + (2 - 1.2)) / 2
    contract = 1.25 * ((-0.75 - 0.125) + ((1.2 - 0.65) + (2 - 1.125)) / 2)
    base = 1.25 * (-1.0 + (-1.0 + 0.125) + 0.25 - 0.1 + 0.65) - 0.5
    assert answer == {
        "reasons": [
            [
                {"feature": "tenure", "value": None, "effect": pytest.approx(tenure)},
                {"feature": "charges", "value": 80.0, "effect": pytest.approx(charges)},
                {"feature": "contract", "value": "Two year", "effect": pytest.approx(contract)},
            ]
        ],
        "base": pytest.approx(base),
        "unit": "log-odds",
    }


def test_model_of_the_first_version_has_no_means(document, pack, record):
    artifact = load_artifact(pack({"artifact": document["artifact"]}))

    with pytest.raises(BodyError) as refusal:
        explain_records(artifact, [record], [0.5], 3)

    assert refusal.value.message == (
        "reasons: this model's file holds no training means; train it anew"
    )


def test_reasons_are_compiled_once_and_go_with_the_model(artifact):
    compiled = compile_reasons(artifact)
    watch = weakref.ref(compiled[1])

    assert compile_reasons(artifact) is compiled
    del artifact.reasons, compiled
    gc.collect()
    assert watch() is None


def test_loading_a_model_compiles_no_reasons(artifact, forest):
    assert (artifact.reasons, forest.reasons) == (None, None)


@pytest.mark.parametrize("scored", [0, 1, 2, 3])
def test_large_trees_limit_the_records(forest, record, monkeypatch, scored):
    monkeypatch.setattr("inference.advice.tree_shap.MAX_PATTERNS", 0)
    monkeypatch.setattr(reasons, "MAX_VISITS", 11)  # two records' worth
    predictions = [0.5] * scored + [None] * (3 - scored)

    if scored <= 2:
        answer = explain_records(forest, [record] * 3, predictions, 1)
        assert [listed is None for listed in answer["reasons"]] == [p is None for p in predictions]
    else:
        with pytest.raises(TooLargeError) as refusal:
            explain_records(forest, [record] * 3, predictions, 1)
        assert refusal.value.message == (
            "reasons: this model is large; expected at most 2 at a time, got 3"
        )


def test_one_record_is_explained_by_a_model_of_any_size(forest, record, monkeypatch):
    monkeypatch.setattr("inference.advice.tree_shap.MAX_PATTERNS", 0)
    monkeypatch.setattr(reasons, "MAX_VISITS", 4)

    assert explain_records(forest, [record], [0.5], 1)["reasons"][0]
    with pytest.raises(TooLargeError):
        explain_records(forest, [record, record], [0.5, 0.5], 1)
