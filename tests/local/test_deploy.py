"""`sam deploy` and what it makes, rehearsed against moto's AWS; the real one isn't reached."""

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

from model.local.environment import REGION
from model.paths import MODEL_KEY

ROOT = Path(__file__).parents[2]
PACKAGES = "packages"
MAX_PACKAGE_BYTES = {"app.pyc": 130_000, "app.py": 150_000}  # source for want of Python 3.14
STACK = "churn-scoring"  # as samconfig.toml names it


class NoManagedPolicies:
    """Stands in for the list of managed policies, which SAM asks IAM for; the template has none."""

    def load(self):
        return {}


@pytest.fixture(scope="module")
def deployment(aws, sam, built_template):
    """What `sam deploy` says; moto makes the resources that aren't SAM's own types."""
    aws.create_bucket(PACKAGES)
    built = ("--config-file", ROOT / "samconfig.toml", "--template", built_template)
    where = ("--no-resolve-s3", "--s3-bucket", PACKAGES)
    return sam("deploy", *built, *where, environment=aws.environment)


@pytest.fixture(scope="module")
def package(aws, deployment):  # noqa: ARG001  which uploads it
    """The file that Lambda would receive for the API."""
    s3 = aws.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=PACKAGES)["Contents"]]
    bodies = [s3.get_object(Bucket=PACKAGES, Key=key)["Body"].read() for key in keys]
    (package,) = (body for body in bodies if name_entry(body))
    return package


def name_entry(body):
    """Return how the API's entry is packed; None in what isn't its package."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return None
    names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    return next((name for name in MAX_PACKAGE_BYTES if name in names), None)


@pytest.fixture(scope="module")
def expanded_stack(aws, package):
    """The stack with SAM's own types expanded, so that moto makes the function and its role."""
    aws.client("s3").put_object(Bucket=PACKAGES, Key="package.zip", Body=package)
    template = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    leave_out_the_alias(template["Resources"])
    code = f"s3://{PACKAGES}/package.zip"
    for resource in template["Resources"].values():
        for name in {"CodeUri", "DefinitionUri"} & resource["Properties"].keys():
            resource["Properties"][name] = code
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        body = json.dumps(transform(template, {}, NoManagedPolicies()))
    cloudformation = aws.client("cloudformation")
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.create_stack(StackName=STACK, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    summaries = cloudformation.list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in summaries}


def leave_out_the_alias(resources):
    """Moto's stacks have none; tests/local/rehearsal has, on MiniStack."""
    for name in (
        "NewVersionCrashAlarm",
        "NewVersionModelAlarm",
        "DeployRole",
        "DeployHookFunction",
    ):
        del resources[name]
    function = resources["PredictFunction"]["Properties"]
    for name in ("AutoPublishAlias", "DeploymentPreference", "VersionDescription"):
        del function[name]


def test_deploy_needs_no_flag_but_where_to_put_the_package(deployment):
    assert f"Successfully created/updated stack - {STACK} in {REGION}" in deployment


def parameters(aws, stack):
    (found,) = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {item["ParameterKey"]: item["ParameterValue"] for item in found["Parameters"]}


@pytest.mark.usefixtures("deployment")
def test_trial_is_open_and_throttled(aws):
    deployed = parameters(aws, STACK)

    assert (deployed["ApiAuth"], deployed["ThrottleRate"]) == ("NONE", "1")


@pytest.mark.usefixtures("deployment")
def test_override_on_the_command_line_leaves_a_new_api_closed(aws, sam, built_template):
    """SAM then forgets the list in samconfig.toml, and creates with the template's defaults."""
    sam(
        *("deploy", "--config-file", ROOT / "samconfig.toml", "--template", built_template),
        *("--config-env", "prod", "--no-confirm-changeset", "--stack-name", "overridden"),
        *("--no-resolve-s3", "--s3-bucket", PACKAGES),
        *("--parameter-overrides", "MemorySize=512"),
        environment=aws.environment,
    )

    deployed = parameters(aws, "overridden")

    assert (deployed["ApiAuth"], deployed["MemorySize"]) == ("AWS_IAM", "512")


def test_package_is_below_its_size_limit(package):
    assert len(package) < MAX_PACKAGE_BYTES[name_entry(package)]


def test_package_has_bytecode_where_there_is_a_python_to_make_it(lambda_image, sam, tmp_path):  # noqa: ARG001  that Python
    sam("build", "--build-dir", tmp_path, "--cache-dir", tmp_path / "cache")

    packed = tmp_path / "PredictFunction"
    assert [path.name for path in packed.glob("app.*")] == ["app.pyc"]
    assert {path.relative_to(packed).as_posix() for path in packed.rglob("*.*")} == {
        "app.pyc",
        "inference/__init__.pyc",
        "inference/later.py",
        "openapi.json",
        "page.html",
    }


def test_packages_are_the_same_bytes_each_time(lambda_image, built_template, sam, tmp_path):  # noqa: ARG001  Python
    sam("build", "--build-dir", tmp_path, "--cache-dir", tmp_path / "cache")

    built = [read_packages(built_template.parent), read_packages(tmp_path)]

    assert {path.parts[0] for path in built[0]} == {
        path.parent.name for path in tmp_path.glob("*Function/inference")
    } | {"DeployHookFunction"}
    assert built[0] == built[1]


def read_packages(folder):
    """Return the bytes of all functions' files, by their names."""
    paths = [path for path in folder.glob("*Function/**/*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in paths}


def test_function_knows_its_bucket_and_runs_in_its_role(aws, expanded_stack):
    function = aws.client("lambda").get_function_configuration(
        FunctionName=expanded_stack["PredictFunction"]
    )

    variables = function["Environment"]["Variables"]
    assert variables["MODEL_BUCKET"] == expanded_stack["ModelBucket"]
    assert variables["MODEL_KEY"] == MODEL_KEY
    assert (function["Runtime"], function["Handler"]) == ("python3.14", "app.lambda_handler")
    assert function["Role"].endswith(f"/{expanded_stack['PredictRole']}")


def test_role_may_read_models_and_last_state_of_its_bucket_and_write_its_log(aws, expanded_stack):
    iam = aws.client("iam")
    role = expanded_stack["PredictRole"]

    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policies = [iam.get_role_policy(RoleName=role, PolicyName=name) for name in names]
    allowed = [
        (statement["Action"], statement["Resource"], statement.get("Condition"))
        for policy in policies
        for statement in ast.literal_eval(policy["PolicyDocument"])["Statement"]  # moto's
    ]

    bucket = f"arn:aws:s3:::{expanded_stack['ModelBucket']}"
    # Of AWS's own ARN, moto leaves out the ":*" at the end.
    log = f"arn:aws:logs:{REGION}:123456789012:log-group:{expanded_stack['PredictLogs']}"
    assert allowed == [
        ("s3:GetObject", [f"{bucket}/models/*", f"{bucket}/monitoring/state.json"], None),
        ("s3:ListBucket", bucket, {"StringLikeIfExists": {"s3:prefix": "models/*"}}),
        (["logs:CreateLogStream", "logs:PutLogEvents"], log, None),
    ]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []


def test_bucket_encrypts_what_is_written(aws, expanded_stack):
    answer = aws.client("s3").get_bucket_encryption(Bucket=expanded_stack["ModelBucket"])

    (rule,) = answer["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_make_learns_the_bucket_from_the_stack(aws, expanded_stack):
    result = subprocess.run(
        [sys.executable, "-m", "model", "outputs", "MODEL_BUCKET"],
        cwd=ROOT,
        env={**aws.environment, "MODEL_BUCKET": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == f"export MODEL_BUCKET={expanded_stack['ModelBucket']}\n"
