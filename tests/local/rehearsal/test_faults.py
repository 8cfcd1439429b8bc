"""Faults planted in a stack that is sound: each is found by the check that is there for it.

Those of the code are in test_hook.py, for the hook is what finds them: raising at import, a number
off, a header lost, CSV broken, slower than the time-out. These are the others of the ten.
"""

import contextlib
import copy
import json
from hashlib import sha256

import pytest
from rehearsed.checks import check_bulk, check_guards, check_model, check_rights, check_version
from rehearsed.gateway import import_body, read_api

from inference.scoring.artifact import load_artifact

JWT = {
    "x-amazon-apigateway-authorizer": {
        "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": "https://login.example.com", "audience": ["crm"]},
    },
}


@contextlib.contextmanager
def route_without_authorisation(stack, **_):
    """Every route but /model asks for a token."""
    body, _ = read_api(stack)
    faulty = copy.deepcopy(body) | {"components": {"securitySchemes": {"JWT": JWT}}}
    for path, methods in faulty["paths"].items():
        for operation in methods.values():
            operation["security"] = [] if path in {"/", "/health", "/model"} else [{"JWT": []}]
    url = import_body(stack, faulty)
    try:
        yield lambda: check_guards(url, body)
    finally:
        import_body(stack, body)


def change_rights(actions):
    """Give the function's role other actions on models."""

    @contextlib.contextmanager
    def plant(stack, **_):
        iam, role = stack.client("iam"), stack.resources["PredictRole"]
        place = {"RoleName": role, "PolicyName": "ReadModels"}
        document = iam.get_role_policy(**place)["PolicyDocument"]
        faulty = copy.deepcopy(document)
        faulty["Statement"][0]["Action"] = actions
        iam.put_role_policy(**place, PolicyDocument=json.dumps(faulty))
        try:
            yield lambda: check_rights(stack)
        finally:
            iam.put_role_policy(**place, PolicyDocument=json.dumps(document))

    return plant


@contextlib.contextmanager
def weight_off(stack, api, trees, **_):
    """The live file is another one than the version it says."""
    body = trees.path.read_bytes()
    document = json.loads(body)
    document["artifact"]["baseline"] += 1e-9
    stack.publish(sign(document))
    try:
        yield lambda: check_model(api, load_artifact(body))
    finally:
        stack.publish(body)


@contextlib.contextmanager
def format_too_new(stack, api, trees, **_):
    """A model is live that the function can't read, so that it serves the last one."""
    body = trees.path.read_bytes()
    document = json.loads(body)
    document["format_version"] = 99
    document["training_meta"]["version"] = "the-new-one"
    stack.publish(sign(document))
    try:
        yield lambda: check_version(api, "the-new-one")
    finally:
        stack.publish(body)


@contextlib.contextmanager
def misspelt_definition(stack, table, **_):
    states, arn = stack.client("stepfunctions"), stack.outputs["BulkMachine"]
    definition = states.describe_state_machine(stateMachineArn=arn)["definition"]
    faulty = definition.replace('"ItemReader"', '"ItemReeder"')
    states.update_state_machine(stateMachineArn=arn, definition=faulty)
    try:
        yield lambda: check_bulk(stack, table)
    finally:
        states.update_state_machine(stateMachineArn=arn, definition=definition)


def sign(document):
    """Return a model file with a digest that is right."""
    del document["digest"]
    rest = json.dumps(document, separators=(",", ":"))[1:].encode()
    return b'{"digest":"sha256:%s",%s' % (sha256(rest).hexdigest().encode(), rest)


FAULTS = {
    "a route without authorisation": (route_without_authorisation, "GET /model: 200 without cred"),
    "a role that lost a right": (
        change_rights(["s3:PutObject"]),
        "PredictRole may not s3:GetObject on models",
    ),
    "a role that gained one": (
        change_rights(["s3:GetObject", "s3:DeleteObject"]),
        "PredictRole may s3:DeleteObject on models",
    ),
    "one weight off": (weight_off, "predictions[0]: off the local model's by"),
    "a model format too new": (format_too_new, "not the-new-one"),
    "a bulk definition with a misspelt field": (misspelt_definition, "the run FAILED"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(stack, api, trees, table, fault):
    plant, finding = FAULTS[fault]

    with plant(stack=stack, api=api, trees=trees, table=table) as check:
        found = check()

    assert any(finding in text for text in found), found
