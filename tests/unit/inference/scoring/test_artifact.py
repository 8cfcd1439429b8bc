import json
import re
from math import nan
from pathlib import Path

import pytest

from inference.errors import ArtifactError
from inference.scoring.artifact import identity, load_artifact, sigmoid
from inference.scoring.batch import score_records
from inference.scoring.records import UNSEEN

TOLERANCE = 1e-15  # one rounding of a probability
# A tenure up to 12 is worth 0.8, a longer one 0.2.
TREES = {
    "kind": "trees",
    "link": "identity",
    "baseline": 0.0,
    "divisor": 1,
    "thresholds": [[12.0], []],
    "category_sets": [],
    "trees": {"nodes": [[0, -1, -1]], "values": [[0.8, 0.2]], "weights": [[20, 20]]},
}


def test_artifact_says_what_an_answer_needs(artifact):
    assert artifact.version == "20261122T090000Z-0123456789ab"
    assert artifact.kind == "linear"
    assert artifact.threshold == 0.5
    assert artifact.labels == ["No", "Yes"]
    assert artifact.id_column == "customerID"
    assert [spec["name"] for spec in artifact.features] == [
        "tenure",
        "charges",
        "contract",
        "paperless",
    ]


def test_getters_pick_the_values_in_the_schemas_order(artifact, record):
    assert artifact.get_numbers(record) == (10, 90)
    assert artifact.get_categories(record) == ("Month-to-month", "Yes")


def test_one_numeric_feature_is_still_a_tuple(document, pack):
    document["artifact"] |= {
        "numeric_features": ["tenure"],
        "numeric_means": [30.0],
        "numeric_scales": [20.0],
        "coef": [[-0.8, 0.9, -0.7, -0.2, 0.2]],
    }
    del document["schema"]["features"][1]

    assert load_artifact(pack(document)).get_numbers({"tenure": 5}) == (5,)


def test_first_versions_file_is_read_as_it_is(document, record):
    first = {"artifact": document["artifact"], "training_meta": {"final_choice": "SGD"}}
    artifact = load_artifact(json.dumps(first).encode())

    batch = score_records(artifact, [record, record | {"tenure": 1e6, "contract": None}])

    assert artifact.version == "unversioned"
    assert artifact.labels == ["0", "1"]
    # 1.8, and without a known range or a most frequent category: no tenure warning, no contract
    assert batch.predictions == pytest.approx([sigmoid(1.8), sigmoid(-39997.7)], rel=TOLERANCE)
    assert batch.warnings == [
        (1, "contract", "blank; scored as none of the known categories"),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(b"", "not a JSON document", id="empty"),
        pytest.param(b"<html>", "not a JSON document", id="html"),
        pytest.param(b'{"artifact":{}', "not a JSON document", id="cut off"),
        pytest.param(b"\xff\xfe", "not a JSON document", id="no UTF-8"),
        pytest.param(b'{"artifact":NaN}', "not a JSON document", id="NaN"),
        pytest.param(b"[" * 100_000, "not a JSON document", id="deep"),
        pytest.param(b"[]", "expected a JSON object", id="list"),
        pytest.param(b"{}", "inconsistent model file", id="no artifact"),
        pytest.param(b'{"artifact":null}', "inconsistent model file", id="null artifact"),
        pytest.param(
            b'{"format_version":2}',
            "digest: missing; expected it as the first member of the file",
            id="no digest",
        ),
        pytest.param(
            b'{"format_version":4}',
            "format_version: this function reads 2 and 3; retrain or update",
            id="newer format",
        ),
    ],
)
def test_file_that_is_no_model_is_refused(body, message):
    with pytest.raises(ArtifactError) as caught:
        load_artifact(body)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("artifact", "numeric_means", [30.0]),
        ("artifact", "coef", []),
        ("artifact", "coef", [[0.1]]),
        ("artifact", "categories", [["A", "B"]]),
        ("artifact", "intercept", ["0"]),
        ("schema", "features", None),
    ],
)
def test_model_file_that_contradicts_itself_is_refused(document, pack, section, key, value):
    document[section][key] = value

    with pytest.raises(ArtifactError, match=r"^inconsistent model file$"):
        load_artifact(pack(document))


def test_trees_that_add_up_to_more_than_a_double_are_refused(document, pack):
    document["artifact"] = TREES | {"baseline": 1.7e308}
    document["artifact"]["trees"] = TREES["trees"] | {"values": [[1.7e308, 0.0]]}

    with pytest.raises(ArtifactError, match=r"^inconsistent model file$"):
        load_artifact(pack(document | {"format_version": 3}))


def test_schema_of_another_models_features_is_refused(document, pack):
    document["schema"]["features"] = [{"name": "tenure", "kind": "number"}]

    with pytest.raises(ArtifactError, match=r"^schema.features: not the model's features in the"):
        load_artifact(pack(document))


def test_model_of_an_unknown_kind_is_refused(document, pack):
    document["artifact"]["kind"] = "neural"

    with pytest.raises(ArtifactError, match=r"^artifact.kind: expected linear or trees$"):
        load_artifact(pack(document))


def test_example_of_a_sum_scores_as_the_formats_page_says(pack, document):
    page = Path(__file__).parents[4].joinpath("docs", "artifact.md").read_text(encoding="utf-8")
    _, example = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    contracts = ["Month-to-month", "One year", "Two year"]
    document["format_version"] = 3
    document["artifact"] = json.loads(example)
    document["schema"]["features"] = [
        {"name": "tenure", "kind": "number", "blank": None},
        {"name": "charges", "kind": "number", "blank": None},
        {
            "name": "contract",
            "kind": "category",
            "blank": None,
            "categories": contracts,
            "rare": True,
        },
    ]
    artifact = load_artifact(pack(document))

    assert artifact.kind == "sum"
    assert artifact.score((nan, 80.0), (UNSEEN,)) == 1.0625
    # up to both thresholds: the linear term, baseline, the first leaf, and leaf 2 for the contract
    monthly = (-1 - 12.5 / 32 + 0.5) + 0.25 + 0.5 + 1.0
    assert artifact.score((12.5, 70.0), ("Month-to-month",)) == 1.25 * monthly - 0.5
    # missing charges go right: leaf 1
    two_years = (-1 - 16 / 32 - 0.75) + 0.25 - 0.5 + 0.25
    assert artifact.score((16.0, nan), ("Two year",)) == 1.25 * two_years - 0.5


def test_format_2_knows_no_sums(document, pack):
    document["artifact"] = {"kind": "sum", "scale": 1.0, "shift": 0.0, "terms": []}

    with pytest.raises(ArtifactError, match=r"^artifact.kind: expected linear or trees$"):
        load_artifact(pack(document))


@pytest.mark.parametrize(
    ("artifact", "message"),
    [
        ({"kind": "neural"}, "artifact.kind: expected linear, trees or sum"),
        (
            {"kind": "sum", "scale": 1.0, "shift": 0.0, "terms": [{"kind": "neural"}]},
            "artifact.terms: expected linear or trees",
        ),
    ],
    ids=["artifact", "term"],
)
def test_kind_that_format_3_does_not_know_is_refused(document, pack, artifact, message):
    document |= {"format_version": 3, "artifact": artifact}

    with pytest.raises(ArtifactError) as refusal:
        load_artifact(pack(document))

    assert str(refusal.value) == message


@pytest.mark.parametrize("version", [2, 3])
def test_linear_model_and_trees_alone_read_alike_in_formats_2_and_3(document, pack, version):
    linear = load_artifact(pack(document | {"format_version": version}))
    document["artifact"] = TREES
    trees = load_artifact(pack(document | {"format_version": version}))

    assert (linear.kind, trees.kind) == ("linear", "trees")
    assert linear.score((30.0, 60.0), ("Two year", "No")) == pytest.approx(-1.4, rel=TOLERANCE)
    assert trees.score((30.0, 60.0), ("Two year", "No")) == pytest.approx(0.2, rel=TOLERANCE)


def test_sigmoid_is_exact_at_hand_worked_points_and_never_overflows():
    assert sigmoid(0.0) == 0.5
    assert sigmoid(-1e6) == 0.0
    assert sigmoid(1e6) == 1.0
    assert sigmoid(1.0) + sigmoid(-1.0) == pytest.approx(1.0, rel=TOLERANCE)


def test_identity_leaves_a_probability_alone():
    assert identity(0.3) == 0.3
