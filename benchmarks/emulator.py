"""Functions under AWS's runtime emulator, and the S3 on loopback that has their models."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import samcli

from benchmarks.containers import ARCHITECTURE, Ask, in_container, open_worker
from benchmarks.contenders import Contender, list_mounts
from benchmarks.workspace import Workspace

HTTP, TLS = "http", "TLS"
BUCKET = "churn-models"
_ENDPOINTS = {HTTP: "http://127.0.0.1:9000", TLS: "https://127.0.0.1:9443"}
_EMULATOR = Path(samcli.__file__).parent / f"local/rapid/aws-lambda-rie-{ARCHITECTURE}"


@contextmanager
def open_s3(workspace: Workspace, latency_ms: float = 0.0) -> Iterator[str]:
    """Run an S3 that has the workspace's models, and yield the name of its container.

    Args:
        workspace: what to serve, and the certificate.
        latency_ms: pause before each answer.
    """
    name = f"churn-bench-s3-{os.getpid()}"
    command = in_container(
        "serve_s3.py",
        mounts={"/models": workspace.models, "/tls": workspace.certificates},
        variables={"S3_LATENCY_MS": str(latency_ms)},
        options=[f"--name={name}"],
    )
    with open_worker(command):
        yield name


@contextmanager
def open_function(
    contender: Contender,
    workspace: Workspace,
    s3: str,
    scheme: str = HTTP,
    options: Sequence[str] = (),
) -> Iterator[Ask]:
    """Run a contender's container and yield what asks `lambda_image/ask_lambda.py` in it.

    Args:
        contender: whose function.
        workspace: where its package is.
        s3: container that `open_s3` runs; both share one loopback device.
        scheme: HTTP or TLS.
        options: further ones of `docker run`.
    """
    mounts = list_mounts(contender, workspace)
    mounts |= {"/rie": _EMULATOR, "/tls": workspace.certificates}
    command = in_container(
        "ask_lambda.py",
        mounts=mounts,
        variables=_describe_environment(contender, scheme),
        options=[f"--network=container:{s3}", *options],
    )
    with open_worker(command) as ask:
        yield ask


def _describe_environment(contender: Contender, scheme: str) -> dict[str, str]:
    return {
        "AWS_REGION": "us-east-2",
        "AWS_DEFAULT_REGION": "us-east-2",
        "AWS_ACCESS_KEY_ID": "ASIABENCHMARK",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_SESSION_TOKEN": "benchmark",
        "AWS_LAMBDA_FUNCTION_NAME": "churn",
        "AWS_ENDPOINT_URL_S3": _ENDPOINTS[scheme],
        "AWS_CA_BUNDLE": "/tls/bundle.pem",
        "MODEL_BUCKET": BUCKET,
        "MODEL_KEY": f"models/{contender.file}",
        "MODEL_FILE": f"/models/{contender.file}",
    }
