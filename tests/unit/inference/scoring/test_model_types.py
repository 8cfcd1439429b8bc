import json
from pathlib import Path

import pytest

from inference.scoring.artifact import load_artifact
from inference.scoring.model_types import Feature, Linear, LinearSection, Model, Trees

VECTORS = sorted(Path(__file__).parents[3].joinpath("vectors").glob("*.model.json"))


@pytest.fixture(params=VECTORS, ids=lambda path: path.name.removesuffix(".model.json"))
def body(request):
    """A model file, of each kind and format."""
    return request.param.read_bytes()


def fits(value, kind):
    """Return whether an object has the members of a type, and no other."""
    return kind.__required_keys__ <= value.keys() <= kind.__annotations__.keys()


def test_what_a_file_comes_to_has_the_members_of_its_types(body):
    artifact = load_artifact(body)

    assert fits(artifact.model | {"kind": artifact.kind}, Model)
    assert all(fits(spec, Feature) for spec in artifact.features)
    kinds = {"linear": Linear, "trees": Trees}
    for term in artifact.model["terms"]:
        members = {name: value for name, value in term.items() if name != "link"}
        assert fits(members, kinds[term["kind"]])


def test_linear_file_has_the_first_versions_members(body):
    section = json.loads(body)["artifact"]

    assert ("kind" in section) != fits(section, LinearSection)
