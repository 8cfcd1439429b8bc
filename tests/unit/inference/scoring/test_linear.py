import math
import runpy
from math import exp

import pytest

from inference.errors import ArtifactError
from inference.scoring import linear
from inference.scoring.artifact import load_artifact
from inference.scoring.records import UNSEEN

TOLERANCE = 1e-15  # a few roundings of numbers near 1


def test_log_odds_are_intercept_and_weighted_columns(artifact):
    # -0.5 - 0.8 * (50 - 30) / 20 + 0.4 * (75 - 60) / 30 - 0.7 - 0.2
    assert artifact.score((50.0, 75.0), ("Two year", "No")) == pytest.approx(-2.0, rel=TOLERANCE)


def test_unseen_categories_add_nothing(artifact):
    assert artifact.score((30.0, 60.0), (UNSEEN, UNSEEN)) == pytest.approx(-0.5, rel=TOLERANCE)


def test_pythons_before_3_12_have_a_dot_product_too(monkeypatch):
    monkeypatch.delattr(math, "sumprod", raising=False)

    sumprod = runpy.run_path(linear.__file__)["sumprod"]

    assert sumprod((2.0, 3.0), (5.0, 7.0)) == 31.0


def test_model_without_categories_scores(document, pack):
    document["artifact"] |= {
        "categorical_features": [],
        "categories": [],
        "coef": [[-0.8, 0.4]],
    }
    document["schema"]["features"] = document["schema"]["features"][:2]
    artifact = load_artifact(pack(document))

    numbers, categories = (30.0, 90.0), artifact.get_categories({})

    assert artifact.score(numbers, categories) == pytest.approx(-0.1, rel=TOLERANCE)
    assert artifact.link(-0.1) == pytest.approx(1 / (1 + exp(0.1)), rel=TOLERANCE)


def test_scale_of_zero_is_refused(document, pack):
    document["artifact"]["numeric_scales"] = [20.0, 0.0]

    with pytest.raises(ArtifactError, match=r"^artifact.numeric_scales: zero for charges$"):
        load_artifact(pack(document))


def test_more_weights_than_columns_are_refused(document, pack):
    document["artifact"]["coef"][0].append(0.1)

    with pytest.raises(ArtifactError, match=r"^artifact.coef: 7 numbers for 6 columns$"):
        load_artifact(pack(document))


def test_features_in_another_order_than_the_models_are_refused(document, pack):
    document["schema"]["features"].reverse()

    with pytest.raises(ArtifactError, match=r"^schema.features: not the model's features in"):
        load_artifact(pack(document))
