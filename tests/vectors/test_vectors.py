"""This reader held to the vectors that any reader of the model file is held to."""

import json
from pathlib import Path

import pytest

from inference.advice.reasons import compile_reasons, unit_of
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from inference.scoring.records import encode_record

TOLERANCE = 1e-12  # of a probability
EFFECT_TOLERANCE = 1e-9
FOLDER = Path(__file__).parent
NAMES = [path.name.removesuffix(".cases.json") for path in sorted(FOLDER.glob("*.cases.json"))]


@pytest.fixture(params=NAMES)
def vector(request):
    """A model, and what the libraries say of some customers."""
    body = FOLDER.joinpath(f"{request.param}.model.json").read_bytes()
    text = FOLDER.joinpath(f"{request.param}.cases.json").read_text(encoding="utf-8")
    return load_artifact(body), json.loads(text)


def test_probabilities_are_the_libraries(vector):
    artifact, expected = vector
    cases = expected["cases"]

    batch = score_records(artifact, [case["record"] for case in cases])

    assert batch.errors == []
    for case, probability in zip(cases, batch.predictions, strict=True):
        assert probability == pytest.approx(case["probability"], rel=0, abs=TOLERANCE), case["why"]


def test_effects_are_shaps(vector):
    artifact, expected = vector
    explained = [case for case in expected["cases"] if "effects" in case]
    if "base" not in expected:  # no means in the first version; no sums from CatBoost
        assert explained == []
        return
    base, explain, _ = compile_reasons(artifact)

    assert unit_of(artifact) == expected["unit"]
    assert base == pytest.approx(expected["base"], rel=0, abs=EFFECT_TOLERANCE)
    for case in explained:
        effects = explain(*encode_record(case["record"], artifact.features)[:2])
        assert effects == pytest.approx(case["effects"], rel=0, abs=EFFECT_TOLERANCE), case["why"]
