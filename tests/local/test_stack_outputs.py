import json

import boto3
import pytest
from moto import mock_aws

from model.__main__ import main

TEMPLATE = {
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "models-1"}}},
    "Outputs": {
        "ModelBucket": {"Value": {"Ref": "Bucket"}},
        "ApiUrl": {"Value": "https://api.example.com"},
    },
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a samconfig.toml, and an environment without a word about AWS but a region."""
    (tmp_path / "samconfig.toml").write_text(
        '[default.global.parameters]\nstack_name = "churn"\n[prod.deploy.parameters]\n'
    )
    monkeypatch.chdir(tmp_path)
    for name in ("MODEL_BUCKET", "API_URL", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.fixture
def cloudformation(folder):  # noqa: ARG001  its environment
    with mock_aws():
        yield boto3.client("cloudformation")


def test_outputs_of_the_deployed_stack_become_shell_variables(cloudformation, capsys):
    cloudformation.create_stack(StackName="churn", TemplateBody=json.dumps(TEMPLATE))

    status = main(["outputs"])

    assert (status, capsys.readouterr().out) == (
        0,
        "export MODEL_BUCKET=models-1\nexport API_URL=https://api.example.com\n",
    )


def test_environment_comes_first(cloudformation, monkeypatch, capsys):
    cloudformation.create_stack(StackName="churn", TemplateBody=json.dumps(TEMPLATE))
    monkeypatch.setenv("MODEL_BUCKET", "my; bucket")

    main(["outputs"])

    assert capsys.readouterr().out == (
        "export MODEL_BUCKET='my; bucket'\nexport API_URL=https://api.example.com\n"
    )


def test_what_the_environment_holds_is_not_looked_up(folder, monkeypatch, capsys):  # noqa: ARG001
    monkeypatch.setenv("API_URL", "https://x.example.com")

    status = main(["outputs", "API_URL"])

    assert (status, capsys.readouterr().out) == (0, "export API_URL=https://x.example.com\n")


def test_stack_without_the_output_is_named(cloudformation, capsys):
    without = TEMPLATE | {"Outputs": {}}
    cloudformation.create_stack(StackName="churn", TemplateBody=json.dumps(without))

    status = main(["outputs"])

    assert (status, capsys.readouterr().err) == (
        2,
        "error: stack churn: has no output ModelBucket, ApiUrl\n",
    )


def test_stack_that_is_not_there_is_named(cloudformation, capsys):  # noqa: ARG001  an empty account
    status = main(["outputs"])

    assert status == 2
    assert capsys.readouterr().err == (
        "error: stack churn: can't be looked up in us-east-2; An error occurred "
        "(ValidationError) when calling the DescribeStacks operation: Stack with id churn "
        "does not exist\n"
    )


def test_region_may_be_named_by_the_other_variable(cloudformation, monkeypatch, capsys):
    cloudformation.create_stack(StackName="churn", TemplateBody=json.dumps(TEMPLATE))
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", "us-east-2")

    status = main(["outputs", "MODEL_BUCKET"])

    assert (status, capsys.readouterr().out) == (0, "export MODEL_BUCKET=models-1\n")


def test_missing_region_is_asked_for(folder, monkeypatch, capsys):  # noqa: ARG001
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    status = main(["outputs"])

    assert (status, capsys.readouterr().err) == (
        2,
        "error: stack churn: in which AWS region? set AWS_DEFAULT_REGION or AWS_REGION, or give "
        "the profile a region\n",
    )


@pytest.mark.parametrize("config", ["prod", "staging"])
def test_configuration_without_a_stack_name_is_named(folder, capsys, config):  # noqa: ARG001
    status = main(["outputs", "--config", config])

    assert (status, capsys.readouterr().err) == (
        2,
        f"error: samconfig.toml: has no stack_name for the configuration {config}\n",
    )


def test_unknown_name_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["outputs", "REGION"])

    assert "expected MODEL_BUCKET or API_URL" in capsys.readouterr().err
