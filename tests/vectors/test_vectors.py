"""This reader held to the vectors that any reader of the model file is held to."""

import json
from pathlib import Path

import pytest

from inference.advice.changes import find_changes
from inference.advice.reasons import compile_reasons, unit_of
from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from inference.scoring.records import encode_record

TOLERANCE = 1e-12  # of a probability
EFFECT_TOLERANCE = 1e-9
LIMIT = 3  # changes of one field that a case lists, and of two
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


def test_changes_are_those_that_the_table_allows(vector):
    artifact, expected = vector
    names = {spec["name"] for spec in artifact.features if spec.get("changeable")}

    for case in expected["cases"]:
        if "changes" not in case:
            continue
        row = encode_record(case["record"], artifact.features)[:2]
        found, _, _ = find_changes(artifact, row, names, LIMIT)
        assert {_outline(*change) for change in found} == {
            _outline(change["probability"], change["changes"], change["follows"])
            for change in case["changes"]
        }, case["why"]


def _outline(probability, changes, follows):
    """Return a change as what can be compared, to TOLERANCE."""
    return round(probability, 12), tuple(changes.items()), tuple(follows)
