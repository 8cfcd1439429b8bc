"""The workflow that trains again, and the role that it takes."""

import re
from pathlib import Path

import pytest
import yaml

from model.stack import read_stack_name

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github/workflows/train-again.yml"
S3 = "arn:${AWS::Partition}:s3:::"
OWN = "${AWS::Region}:${AWS::AccountId}"
# all that the role may: actions, on what, on which condition
ALLOWED = [
    (["s3:GetObject"], f"{S3}${{DataBucket}}/${{DataPrefix}}*", None),
    (["s3:ListBucket"], f"{S3}${{DataBucket}}", {"StringLike": {"s3:prefix": "${DataPrefix}*"}}),
    (
        ["cloudformation:DescribeStacks"],
        f"arn:${{AWS::Partition}}:cloudformation:{OWN}:stack/${{StackName}}/*",
        None,
    ),
    (["s3:GetObject", "s3:PutObject"], f"{S3}${{ModelBucket}}/models/*", None),
    (
        ["s3:ListBucket"],
        f"{S3}${{ModelBucket}}",
        {"StringLikeIfExists": {"s3:prefix": "models/*"}},
    ),
    (
        ["execute-api:Invoke"],
        f"arn:${{AWS::Partition}}:execute-api:{OWN}:${{ApiId}}/$default/POST/predict",
        None,
    ),
]


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as what they are applied to."""


Loader.add_multi_constructor("!", lambda loader, _, node: loader.construct_scalar(node))


@pytest.fixture(scope="module")
def workflow():
    return yaml.load(WORKFLOW.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  BaseLoader makes texts


@pytest.fixture(scope="module")
def role_template():
    text = (ROOT / ".github/train-role.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader)  # noqa: S506  a SafeLoader


@pytest.fixture(scope="module")
def role(role_template):
    return role_template["Resources"]["TrainRole"]["Properties"]


def test_it_runs_on_a_schedule_and_when_asked(workflow):
    (trigger,) = workflow["on"]["schedule"]

    assert set(workflow["on"]) == {"schedule", "workflow_dispatch"}  # and for no pull request
    assert re.fullmatch(r"\d+ \d+ \d+ \* \*", trigger["cron"])


def test_it_may_read_the_repository_and_take_a_role_and_no_more(workflow):
    assert workflow["permissions"] == {"contents": "read", "id-token": "write"}
    assert [job.get("permissions") for job in workflow["jobs"].values()] == [None]


def test_no_key_is_kept_and_what_gets_credentials_is_pinned(workflow):
    used = [step["uses"] for step in workflow["jobs"]["train"]["steps"] if "uses" in step]

    assert "secrets." not in WORKFLOW.read_text(encoding="utf-8")
    foreign = [name for name in used if not name.startswith("actions/")]
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) for name in foreign)


def test_it_does_what_is_tried_here(workflow):
    (step,) = [step for step in workflow["jobs"]["train"]["steps"] if "run" in step]
    script = (ROOT / step["run"]).read_text(encoding="utf-8")

    assert set(re.findall(r"\$\{?([A-Z_]+)", script)) - {"BASH_SOURCE"} == set(step["env"])
    assert "make train-upload" in script
    assert "--force" not in script


def test_it_does_nothing_where_it_is_not_set_up(workflow):
    assert workflow["jobs"]["train"]["if"] == "vars.TRAIN_ROLE != ''"


def test_only_the_main_branch_takes_the_role(role):
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]

    issuer = "token.actions.githubusercontent.com"
    assert statement["Principal"]["Federated"].endswith(f":oidc-provider/{issuer}")
    assert statement["Condition"] == {
        "StringEquals": {
            f"{issuer}:aud": "sts.amazonaws.com",
            f"{issuer}:sub": "repo:${Repository}:ref:refs/heads/main",
        }
    }


def test_role_may_read_a_table_publish_and_ask(role):
    statements = [
        statement
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]

    found = []
    for statement in statements:
        actions = statement["Action"]
        actions = [actions] if isinstance(actions, str) else actions
        found.append((actions, statement["Resource"], statement.get("Condition")))
    assert found == ALLOWED
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    assert "ManagedPolicyArns" not in role


def test_role_is_for_the_stack_that_production_is(role_template):
    default = role_template["Parameters"]["StackName"]["Default"]

    assert default == read_stack_name(ROOT / "samconfig.toml", "prod")
