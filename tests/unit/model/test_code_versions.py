import io
import json
import zipfile

import boto3
import pytest
from moto import mock_aws

from model.code_versions import CodeVersions, Versions
from model.errors import StackError

FUNCTION = "predict"


@pytest.fixture(scope="module")
def aws():
    """Moto's Lambda, and a role; a function of its own for each test costs less than both."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_PROFILE", "AWS_REGION"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-2")
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        made = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)
        yield boto3.client("lambda"), made["Role"]["Arn"]


@pytest.fixture
def client(aws):
    """Lambda with a function of five versions, of which the fourth is live."""
    client, role = aws
    client.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.13",
        Role=role,
        Handler="app.lambda_handler",
        Code={"ZipFile": package("0")},
    )
    for number in range(1, 6):
        client.update_function_code(FunctionName=FUNCTION, ZipFile=package(str(number)))
        client.publish_version(FunctionName=FUNCTION)
    client.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="4")
    yield client
    client.delete_function(FunctionName=FUNCTION)


def package(text):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("app.py", text)
    return body.getvalue()


@pytest.fixture
def versions(client):  # noqa: ARG001  what the environment's client finds
    return CodeVersions(FUNCTION)


def test_versions_are_numbers_beside_the_live_one(versions):
    assert versions.read() == Versions([1, 2, 3, 4, 5], 4)


def test_roll_back_goes_to_the_version_before_the_live_one(versions):
    assert versions.roll_back() == (4, 3)
    assert versions.read().live == 3


def test_roll_back_goes_where_it_is_told(versions):
    assert versions.roll_back(5) == (4, 5)
    assert versions.read().live == 5


def test_version_that_is_not_there_is_refused(versions):
    with pytest.raises(StackError, match=r"function predict: has no version 9; there are 1, 2, 3"):
        versions.roll_back(9)

    assert versions.read().live == 4


def test_first_version_has_none_before_it(versions):
    versions.roll_back(1)

    with pytest.raises(StackError, match="has no version before 1; there are 1, 2, 3, 4, 5"):
        versions.roll_back()


def test_traffic_that_shifts_is_left_alone(versions, client):
    client.update_alias(
        FunctionName=FUNCTION,
        Name="live",
        RoutingConfig={"AdditionalVersionWeights": {"5": 0.1}},
    )

    with pytest.raises(StackError, match="a deploy is shifting traffic"):
        versions.roll_back()


@pytest.mark.parametrize(
    ("live", "keep", "dropped"), [(4, 1, [1, 2]), (4, 3, [1, 2]), (2, 1, [3, 4]), (5, 9, [])]
)
def test_newest_and_live_and_the_one_before_are_kept(versions, live, keep, dropped):
    versions.roll_back(live)

    assert versions.prune(keep) == dropped
    assert versions.read().numbers == sorted({1, 2, 3, 4, 5} - set(dropped))


def test_unknown_function_is_named(client):
    with pytest.raises(StackError, match=r"^function other: .*ResourceNotFoundException"):
        CodeVersions("other", client).read()


def test_missing_region_is_asked_for(monkeypatch):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(StackError, match=r"^in which AWS region\?"):
        CodeVersions(FUNCTION)
