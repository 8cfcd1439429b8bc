import pytest

from inference.scoring.artifact import load_artifact
from model.errors import RegistryError
from model.registry.version_diff import compare_answers, describe_differences, flatten_meta


@pytest.fixture
def other(document, pack):
    """The same model with another threshold, one category more and other weights."""
    document["artifact"]["categories"][0].append("Weekly")
    document["artifact"]["coef"] = [[-0.8, 0.4, 0.9, -0.7, 0.1, -0.2, 0.2]]
    document["schema"]["threshold"] = 0.4
    document["schema"]["features"][2]["categories"].append("Weekly")
    document["training_meta"]["metrics"]["auc"] = 0.85
    document["training_meta"]["model_leaderboard"] = [{"name": "LogisticRegression", "auc": 0.85}]
    return load_artifact(pack(document))


def test_same_version_has_no_differences(artifact):
    assert describe_differences(artifact, artifact) == []


def test_differences_name_section_and_both_values(artifact, other):
    changeable = "blank Month-to-month; changeable"

    assert [tuple(item.values()) for item in describe_differences(artifact, other)] == [
        ("schema", "threshold", 0.5, 0.4),
        (
            "schema",
            "contract",
            f"category of Month-to-month, Two year; {changeable}",
            f"category of Month-to-month, Two year, Weekly; {changeable}",
        ),
        ("training", "metrics.auc", 0.84, 0.85),
        ("leaderboard", "LogisticRegression", None, 0.85),
    ]


def test_answers_are_compared_customer_by_customer(artifact, other, record):
    sure = record | {"tenure": 72, "contract": "Two year"}
    # Log-odds of `record` are 1.8 by either; those of `sure` -0.5 - 1.68 + 0.4 - 0.7 + 0.2 = -2.28.
    near = record | {"tenure": 52, "charges": 60}  # -0.5 - 0.88 + 0 + 0.9 + 0.2 = -0.28: 0.43

    assert compare_answers(artifact, other, [record, sure, near]) == {
        "customers": 3,
        "mean_change": 0.0,
        "largest_change": 0.0,
        "labels_changed": 1,
        "labelled_a": 1,
        "labelled_b": 2,
    }


def test_customers_that_one_cannot_score_are_an_error(artifact, other, record):
    del record["charges"]

    with pytest.raises(RegistryError, match="can't score these customers: charges: missing"):
        compare_answers(artifact, other, [record])


def test_long_lists_are_left_out_of_the_description():
    meta = {
        "version": "v",
        "served": "Trees",
        "feature_means": {"numeric": [1.0]},
        "model_leaderboard": [{"name": "a"}],
        "data": {"rows": 9, "columns": ["a", "b"]},
        "parity": {"rows": 9},
    }

    assert flatten_meta(meta) == {"served": "Trees", "data.rows": 9, "data.columns": "a, b"}
