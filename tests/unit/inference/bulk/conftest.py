"""Buckets in a moto S3, and a run's steps in them, one after the other."""

import boto3
import pytest
from moto import mock_aws

from inference.bulk.storage import Bucket

REGION = "us-east-1"
MODEL_KEY = "models/live.json"


@pytest.fixture(scope="session")
def moto_client():
    """A client for all tests: making one takes longer than most of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "local")
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
            patch.delenv(name, raising=False)
        return boto3.client("s3", region_name=REGION)


@pytest.fixture
def s3(moto_client):  # in place of the handler's, which has no bulk run
    with mock_aws():
        yield moto_client


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="bulk")
    return Bucket(s3, "bulk")


@pytest.fixture
def models(s3, document, pack):
    """A versioned bucket with a live model, as the stack's is."""
    s3.create_bucket(Bucket="models")
    s3.put_bucket_versioning(Bucket="models", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="models", Key=MODEL_KEY, Body=pack(document))
    return Bucket(s3, "models")


@pytest.fixture
def put(bucket):
    """Return the function that puts a table below in/."""

    def put(name, body):
        bucket.client.put_object(Bucket=bucket.name, Key=f"in/{name}", Body=body)

    return put


@pytest.fixture
def keys(bucket):
    """Return the function that lists what a bucket holds below a prefix."""

    def keys(prefix=""):
        found = bucket.client.list_objects_v2(Bucket=bucket.name, Prefix=prefix)
        return [entry["Key"] for entry in found.get("Contents", ())]

    return keys
