"""S3 on this machine, no account and no Docker, and the environment in which all use it."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from inference.endpoints.page import PAGE
from model.files import read_file, write_file
from model.local.api_server import Handler
from model.page.document import build_served_document
from model.paths import BUILD, MODEL_KEY

BUCKET = "churn-models"
PACKAGE = BUILD / "package"  # what the function's package has beside code
REGION = "us-east-2"
CREDENTIAL = "local"  # any text does for moto
# What would lead boto3 past the local S3, or be used there in the user's name.
FOREIGN_VARIABLES = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL")


@contextmanager
def serve_s3(host: str = "127.0.0.1") -> Iterator[str]:
    """Run an S3 with one empty bucket on a free port, and yield its URL; all is gone afterwards."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else it prints each request
    server = ThreadedMotoServer(ip_address=host, port=0, verbose=False)
    server.start()
    try:
        url = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
        create_bucket(url)
        yield url
    finally:
        server.stop()
        _forget_objects()


def describe_environment(s3_url: str) -> dict[str, str]:
    """Return the variables with which publisher and function use a local S3."""
    return {
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_S3": s3_url,
        "MODEL_BUCKET": BUCKET,
        "MODEL_KEY": MODEL_KEY,
        "NO_PROXY": "127.0.0.1,localhost",
    }


def make_environment(s3_url: str) -> dict[str, str]:
    """Return this process's environment, pointed at a local S3 and without the user's AWS."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}
    return kept | describe_environment(s3_url)


@contextmanager
def use_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Have these environment variables, and no others, for a while."""
    before = dict(os.environ)
    replace_environment(variables)
    try:
        yield
    finally:
        replace_environment(before)


def replace_environment(variables: Mapping[str, str]) -> None:
    """Have these environment variables, and no others."""
    os.environ.clear()
    os.environ.update(variables)


def create_bucket(s3_url: str) -> None:
    """Create a versioned bucket, as the stack does."""
    s3 = _connect(s3_url)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})


def put_model(s3_url: str, artifact: Path) -> None:
    """Make a model file the live one, as it is: no gate, no history.

    Raises:
        ModelError: the file can't be read.
    """
    body = read_file(artifact)
    _connect(s3_url).put_object(
        Bucket=BUCKET, Key=MODEL_KEY, Body=body, ContentType="application/json"
    )


def import_handler() -> Handler:
    """Return the function's handler as a new Lambda instance has it: with no model loaded yet.

    The page that it serves is made anew, too.
    """
    write_file(PACKAGE / PAGE, build_served_document().encode())
    os.environ["LAMBDA_TASK_ROOT"] = str(PACKAGE)
    sys.modules.pop("app", None)
    handler: Handler = import_module("app").lambda_handler
    return handler


def _connect(s3_url: str) -> Any:
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=s3_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIAL,
        aws_secret_access_key=CREDENTIAL,
    )


def _forget_objects() -> None:
    from moto.s3.models import s3_backends

    s3_backends.reset()
