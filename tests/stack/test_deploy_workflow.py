"""The workflow that deploys holds no key, asks an environment first, and takes a role that can
just do it.
"""

import fnmatch
import json
import tomllib
from pathlib import Path

import cfnlint
import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text("utf-8"))
POLICY, TRUST = (
    json.loads((ROOT / f".github/deploy/{name}.json").read_text("utf-8"))["Statement"]
    for name in ("policy", "trust")
)
STACK = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["prod"]["global"]["parameters"][
    "stack_name"
]
DEPLOY = WORKFLOW["jobs"]["deploy"]
# A type of resource -> the prefix of the rights that make one.
SERVICES = {
    "AWS::ApiGatewayV2": "apigateway",
    "AWS::CloudWatch": "cloudwatch",
    "AWS::CodeDeploy": "codedeploy",
    "AWS::Events": "events",
    "AWS::IAM": "iam",
    "AWS::Lambda": "lambda",
    "AWS::Logs": "logs",
    "AWS::S3": "s3",
    "AWS::StepFunctions": "states",
}
NOT_OURS = {"WhatCanNotBeNarrowed", "Api", "Dashboard"}  # ids and names are AWS's, or one account's


def as_list(value):
    return value if isinstance(value, list) else [value]


def test_environment_of_the_configuration_is_asked():
    inputs = WORKFLOW[True]["workflow_dispatch"]["inputs"]  # YAML reads `on` as true

    assert inputs["config"]["options"] == ["default", "prod"]
    assert DEPLOY["environment"] == "${{ inputs.config }}"


def test_credentials_come_by_a_token_and_none_is_stored():
    assert WORKFLOW["permissions"] == {"contents": "read", "id-token": "write"}
    assert "secrets." not in json.dumps(WORKFLOW)


def test_inputs_reach_no_shell_but_as_a_variable():
    assert [step["run"] for step in DEPLOY["steps"] if "${{" in step.get("run", "")] == []


def test_only_the_environment_of_this_repository_takes_the_role():
    (statement,) = TRUST

    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    facts = statement["Condition"]["StringEquals"]
    assert facts["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    assert facts["token.actions.githubusercontent.com:sub"].endswith(":environment:prod")


def test_role_may_make_each_kind_of_resource_of_the_stack(stack):
    kinds = {resource["Type"].rpartition("::")[0] for resource in stack["Resources"].values()}

    granted = {action.partition(":")[0] for part in POLICY for action in as_list(part["Action"])}

    assert {SERVICES[kind] for kind in kinds} <= granted
    assert granted - set(SERVICES.values()) == {"cloudformation"}


@pytest.mark.parametrize("statement", POLICY, ids=lambda statement: statement["Sid"])
def test_rights_are_on_what_the_stack_is_called(statement):
    narrow = [
        resource
        for resource in as_list(statement["Resource"])
        if STACK in resource or "aws-sam-cli-managed-default" in resource
    ]

    rest = set(as_list(statement["Resource"])) - set(narrow)
    assert statement["Sid"] in NOT_OURS or all(
        "Serverless-2016-10-31" in other or "CodeDeployDefault" in other for other in rest
    )


def test_rights_exist():
    """A misspelt one would be none."""
    path = Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json"
    known = json.loads(path.read_text("utf-8"))

    unknown = []
    for action in (action for part in POLICY for action in as_list(part["Action"])):
        service, name = action.lower().split(":")
        if not fnmatch.filter(known[service]["Actions"], name):
            unknown.append(action)

    assert unknown == []


def test_roles_are_handed_on_to_the_services_of_the_stack_only(stack):
    (statement,) = [part for part in POLICY if "iam:PassRole" in as_list(part["Action"])]
    trusted = {
        resource["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
        for resource in stack["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
    }

    assert set(statement["Condition"]["StringEquals"]["iam:PassedToService"]) == trusted
