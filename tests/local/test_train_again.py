"""The steps of the workflow that trains again, in the role that it takes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from model.local.api_server import serve_api
from model.local.environment import BUCKET, import_handler, use_environment
from model.paths import MODEL_KEY
from model.samples.synthetic_csv import SEED, write_csv

ROOT = Path(__file__).parents[2]
DATA = "customer-tables"
CUSTOMERS = 1_000
STACK = "churn-scoring"
PARAMETERS = {
    "Repository": "someone/churn",
    "StackName": STACK,
    "ModelBucket": BUCKET,
    "ApiId": "abc",
    "DataBucket": DATA,
    "DataPrefix": "exports/",
}
STACK_TEMPLATE = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"ModelBucket": {"Value": BUCKET}, "ApiUrl": {"Value": "https://api.example"}},
}


@pytest.fixture
def table(own_aws, tmp_path):
    """The newest export, beside an older one that is no table at all."""
    s3 = own_aws.client("s3")
    for name in (BUCKET, DATA):
        own_aws.create_bucket(name)
    s3.put_object(Bucket=DATA, Key="exports/2026-09.csv", Body=b"nothing")
    assert sum(write_csv(tmp_path / "customers.csv", CUSTOMERS, SEED)) == CUSTOMERS
    s3.upload_file(str(tmp_path / "customers.csv"), DATA, "exports/2026-10.csv")
    return f"s3://{DATA}/exports/"


@pytest.fixture
def role(own_aws, table):  # noqa: ARG001  is put there by someone who may
    """The environment of who has taken the role."""
    cloudformation = own_aws.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(STACK_TEMPLATE))
    cloudformation.create_stack(
        StackName="train-again",
        TemplateBody=(ROOT / ".github/train-role.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in PARAMETERS.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = cloudformation.describe_stacks(StackName="train-again")["Stacks"]
    (output,) = stack["Outputs"]
    taken = own_aws.client("sts").assume_role_with_web_identity(
        RoleArn=output["OutputValue"], RoleSessionName="train-again", WebIdentityToken="token"
    )["Credentials"]
    return own_aws.environment | {
        "AWS_ACCESS_KEY_ID": taken["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": taken["SecretAccessKey"],
        "AWS_SESSION_TOKEN": taken["SessionToken"],
    }


def test_trains_on_the_newest_table_and_the_gate_decides(own_aws, table, role, tmp_path):
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("the script uses this folder's own environment")
    environment = role | {"TRAINING_DATA": table, "MAKEFLAGS": f" -- BUILD={tmp_path}"}
    del environment["MODEL_BUCKET"]  # the stack says it

    def train_again(flags):
        with use_environment(role), serve_api(import_handler()) as url:
            return subprocess.run(
                [ROOT / ".ci/train_again"],
                env=environment | {"API_URL": url, "TRAIN_ARGS": flags},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )

    s3 = own_aws.client("s3")
    first = train_again("--budget 0 --no-report")
    assert first.returncode == 0, first.stdout
    live = s3.get_object(Bucket=BUCKET, Key=MODEL_KEY)["Body"].read()
    second = train_again("--budget 0 --no-report --drop tenure")

    assert f"s3://{DATA}/exports/2026-10.csv" in first.stdout
    assert re.search(r"^LIVE: \d{8}T\d{6}Z-\w+, the first", first.stdout, re.M)
    assert "SUCCESS. The API returned: " in first.stdout
    assert second.returncode != 0
    assert "the gate refused it: schema: tenure is no longer used" in second.stdout
    assert s3.get_object(Bucket=BUCKET, Key=MODEL_KEY)["Body"].read() == live
