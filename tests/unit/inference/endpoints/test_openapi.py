import json
import tomllib
from pathlib import Path

import pytest
from fake_s3 import Stored
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import app
from inference.advice.economics import read_economics, value_offers
from inference.endpoints.additions import ADDITIONS
from inference.endpoints.openapi import describe_api
from inference.errors import BodyError
from inference.monitoring.state import describe_state

ROOT = Path(__file__).parents[4]
NAMES = ("Predict", "WhatIf")


@pytest.fixture
def api(ask):
    return ask("GET", "/openapi.json")[2]


def test_document_is_openapi_3_1_with_and_without_a_model(api):
    written = json.loads((ROOT / "functions/predict/openapi.json").read_text(encoding="utf-8"))

    assert [*OpenAPIV31SpecValidator(api).iter_errors()] == []
    assert [*OpenAPIV31SpecValidator(written).iter_errors()] == []


def test_document_has_the_projects_version(api):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert api["info"]["version"] == project["version"]


def test_document_has_every_route_and_no_other(api):
    described = {
        f"{method.upper()} {path}" for path, item in api["paths"].items() for method in item
    }

    assert described == set(app.ROUTES)


def test_document_has_every_option_and_no_other(api):
    predict, what_if = (api["components"]["schemas"][f"{name}Request"] for name in NAMES)
    in_query = api["paths"]["/predict"]["post"]["parameters"]

    assert set(predict["properties"]) == {"records", "threshold", *ADDITIONS}
    assert {parameter["name"] for parameter in in_query} == {"threshold", *ADDITIONS}
    assert set(what_if["properties"]) == {"record", "threshold", "fields", "limit"}


def test_number_of_a_spreadsheet_may_be_any_text(document, pack, s3, ask):
    tenure, charges, *_ = document["schema"]["features"]
    tenure["missing"] = ["NA"]
    charges["number_format"] = {"decimal": ","}
    s3.stored.body = pack(document)

    described = ask("GET", "/openapi.json")[2]["components"]["schemas"]["Record"]["properties"]

    types = [{"type": "number"}, {"type": "string"}, {"type": "null"}]
    assert [described[name]["anyOf"] for name in ("tenure", "charges")] == [types, types]


def test_record_has_the_fields_of_the_model_that_serves(api):
    described = api["components"]["schemas"]["Record"]

    assert described["required"] == ["tenure", "charges", "contract", "paperless"]
    assert described["properties"]["contract"] == {
        "type": ["string", "null"],
        "description": 'Categories seen in training: "Month-to-month", "Two year".',
    }
    assert described["properties"]["tenure"]["description"] == (
        "Seen in training: 0.0 to 72.0. A blank becomes 29.0."
    )


def test_example_of_a_record_is_scored_without_a_warning(api, ask):
    (example,) = api["components"]["schemas"]["Record"]["examples"]

    status, _, answer = ask(body={"records": [example]})

    assert (status, list(answer)) == (200, ["predictions", "labels"])


@pytest.mark.parametrize(
    ("field", "value", "is_valid"),
    [
        ("tenure", 5, True),
        ("tenure", -0.5e3, True),
        ("tenure", "5.5", True),
        ("tenure", " +1.e-2 ", True),
        ("tenure", "", True),
        ("tenure", None, True),
        ("tenure", "five", False),
        ("tenure", "1_000", False),
        ("tenure", True, False),
        ("contract", "anything", True),
        ("contract", None, True),
        ("contract", 5, False),
        ("contract", [], False),
    ],
)
def test_schema_and_function_agree_on_what_a_field_takes(ask, record, field, value, is_valid):
    schema = ask("GET", "/openapi.json")[2]["components"]["schemas"]["Record"]
    record[field] = value

    assert Draft202012Validator(schema).is_valid(record) is is_valid
    assert (ask(body={"records": [record]})[0] == 200) is is_valid


@pytest.mark.parametrize(
    "options",
    [{}, {"reasons": 3, "economics": {"value": 600, "cost": 5, "success": 1}}],
    ids=["plain", "advice"],
)
def test_answer_of_predict_is_as_described(api, ask, record, options):
    strange = record | {"customerID": 7, "contract": "Weekly", "charges": ""}

    _, _, answer = ask(body={"records": [strange, {}]} | options)

    describe(api, "PredictAnswer").validate(answer)


def test_answer_of_whatif_is_as_described(api, ask, record):
    strange = record | {"contract": "Weekly", "charges": ""}

    _, _, answer = ask("POST", "/whatif", {"record": strange})

    assert answer["changes"]
    describe(api, "WhatIfAnswer").validate(answer)


@pytest.mark.parametrize("is_known", [True, False])
def test_model_is_described_as_the_schema_says(ask, api, s3, document, is_known):
    figures = {"p": 1e-9, "q": 2e-9, "psi": 3.0, "psi_critical": 0.02, "moved": 0.8}
    drifted = figures | {"name": "contract", "counts": [9], "unseen": 0.8, "drifted": True}
    verdict = {
        "customers": 300,
        "is_judged": True,
        "fields": [drifted],
        "drifted": ["contract"],
        "alarm": [],
        "estimates": {"auc": {"value": None, "low": None, "high": None}},
    }
    window = {"day": "2026-11-24", "versions": {document["training_meta"]["version"]: verdict}}
    state = json.dumps(describe_state(window)).encode() if is_known else None
    s3.others["monitoring/state.json"] = Stored(state)

    _, _, answer = ask("GET", "/model")

    assert (answer["monitoring"] is not None) == is_known
    describe(api, "Model").validate(answer)


def describe(api, name):
    """Return what the document says of a schema, to validate with."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": api["components"]}
    return Draft202012Validator(schema)


def test_without_a_model_a_record_is_any_object(ask, s3):
    s3.stored.body = None

    status, _, api = ask("GET", "/openapi.json")

    assert status == 200
    assert "properties" not in api["components"]["schemas"]["Record"]


def test_what_if_names_the_fields_that_may_change(api):
    fields = api["components"]["schemas"]["WhatIfRequest"]["properties"]["fields"]

    assert fields["items"] == {"enum": ["charges", "contract", "paperless"]}


@pytest.mark.parametrize(
    ("default", "economics", "is_valid"),
    [
        (None, {"value": 600, "cost": 50, "success": 0.3}, True),
        (None, {"value": 600, "cost": 50}, False),
        (None, True, False),
        ({"value": 600, "cost": 50}, {"success": 0.3}, True),
        ({"value": 600, "cost": 50}, {"value": 500}, False),
        ({"value": 600, "cost": 50, "success": 0.3}, {}, True),
        ({"value": 600, "cost": 50, "success": 0.3}, True, True),
    ],
)
def test_economics_states_what_the_model_file_does_not(artifact, default, economics, is_valid):
    artifact.schema["economics"] = default

    components = describe_api(lambda: artifact)["components"]

    schema = {"$ref": "#/components/schemas/Economics", "components": components}
    assert Draft202012Validator(schema).is_valid(economics) is is_valid
    if is_valid:
        assert value_offers(default, read_economics(economics), [0.5])["expected_gain"] != [None]
    else:
        with pytest.raises(BodyError):
            value_offers(default, read_economics(economics), [0.5])


def test_schema_follows_the_artifact(artifact):
    tenure, charges, contract, paperless = artifact.features
    tenure["blank"] = None
    del charges["min"]
    contract["categories"] = ["1", "2"]
    paperless["categories"] = ["False", "True"]

    described = describe_api(lambda: artifact)["components"]["schemas"]["Record"]

    assert described["properties"]["tenure"]["description"].endswith("A blank stays missing.")
    assert described["properties"]["charges"]["description"] == "A blank becomes 70.5."
    assert described["properties"]["contract"]["type"] == ["string", "null", "number", "boolean"]
    assert described["properties"]["paperless"]["type"] == ["string", "null", "boolean"]
    assert described["examples"] == [
        {"tenure": 0.0, "charges": 70.5, "contract": "1", "paperless": "False"}
    ]


def test_first_versions_model_has_a_valid_document_too(ask, document, pack, s3):
    s3.stored.body = pack({"artifact": document["artifact"]})

    OpenAPIV31SpecValidator(ask("GET", "/openapi.json")[2]).validate()
