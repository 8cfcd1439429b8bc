"""S3 on this machine, no account and no Docker, and the environment in which all use it."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

from model.api_server import Handler
from model.errors import ModelError

BUCKET = "churn-models"
MODEL_KEY = "models/telco_churn_light.json"
REGION: Final = "us-east-2"
# What would lead boto3 past the local S3, or be used there in the user's name.
FOREIGN_VARIABLES = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL")


@contextmanager
def serve_s3(host: str = "127.0.0.1") -> Iterator[str]:
    """Run an empty S3 on a free port, and yield its URL; what was stored is gone afterwards."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=host, port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
        _forget_objects()


def describe_environment(s3_url: str, bucket: str = BUCKET) -> dict[str, str]:
    """Return the variables with which publisher and function use a local S3."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_S3": s3_url,
        "MODEL_BUCKET": bucket,
        "MODEL_KEY": MODEL_KEY,
        "NO_PROXY": "127.0.0.1,localhost",
    }


@contextmanager
def use_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set these environment variables, and take away the user's own AWS ones, for a while."""
    before = dict(os.environ)
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def create_bucket(bucket: str = BUCKET) -> None:
    """Create a versioned bucket, as the stack does."""
    import boto3

    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def put_model(artifact: Path, bucket: str = BUCKET) -> None:
    """Make a model file the live one, as it is: no gate, no history.

    Raises:
        ModelError: the file can't be read.
    """
    import boto3

    try:
        body = artifact.read_bytes()
    except OSError as error:
        raise ModelError(f"{artifact}: can't be read ({error.strerror})") from error
    boto3.client("s3").put_object(
        Bucket=bucket, Key=MODEL_KEY, Body=body, ContentType="application/json"
    )


def import_handler() -> Handler:
    """Return the function's handler as a new Lambda instance has it: with no model loaded yet."""
    sys.modules.pop("app", None)
    handler: Handler = import_module("app").lambda_handler
    return handler


def _forget_objects() -> None:
    from moto.s3.models import s3_backends

    s3_backends.reset()
