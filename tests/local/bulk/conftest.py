"""The stack deployed on MiniStack: S3, Lambda in containers and Step Functions on this machine."""

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import samcli

ROOT = Path(__file__).parents[3]
MINISTACK = ROOT / ".venv-ministack/bin/ministack"
REGION = "eu-central-1"
STACK = "rehearsal"
PACKAGES = "packages"
PATIENCE_S = 300
MACHINE = os.uname().machine
ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(MACHINE, "x86_64")
LAMBDA = "public.ecr.aws/lambda/python:3.14"  # the tag that MiniStack asks for
DOCKERFILE = f"""FROM {LAMBDA}-{ARCHITECTURE}
COPY aws-lambda-rie-{ARCHITECTURE} /usr/local/bin/aws-lambda-rie
ENTRYPOINT ["/usr/local/bin/aws-lambda-rie", "/var/runtime/bootstrap"]
"""


@dataclass(frozen=True)
class Stack:
    """A deployed stack: what it is called by, and how to ask it."""

    url: str
    outputs: dict
    functions: dict

    @property
    def environment(self):
        """The environment in which commands use this stack."""
        settings = {
            "AWS_ENDPOINT_URL": self.url,
            "BULK_BUCKET": self.outputs["BulkBucket"],
            "BULK_MACHINE": self.outputs["BulkMachine"],
        }
        return credentials() | settings

    def client(self, service):
        """Return a boto3 client."""
        own = credentials()
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
        )

    def put_table(self, key, body):
        self.client("s3").put_object(Bucket=self.outputs["BulkBucket"], Key=key, Body=body)

    def read(self, key):
        found = self.client("s3").get_object(Bucket=self.outputs["BulkBucket"], Key=key)
        return found["Body"].read()

    def list_keys(self, prefix):
        found = self.client("s3").list_objects_v2(Bucket=self.outputs["BulkBucket"], Prefix=prefix)
        return [entry["Key"] for entry in found.get("Contents", ())]

    def start(self, name, **request):
        """Start a run, and return its ARN."""
        asked = {"stateMachineArn": self.outputs["BulkMachine"], "name": name}
        states = self.client("stepfunctions")
        return states.start_execution(**asked, input=json.dumps(request))["executionArn"]

    def wait(self, arn):
        """Return what Step Functions says of a run that has ended."""
        states = self.client("stepfunctions")
        deadline = time.monotonic() + PATIENCE_S
        while (run := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.2)
        return run

    def wait_for(self, key):
        """Wait until an object is there."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.list_keys(key):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def hold_workers(self):
        """Have Lambda refuse every worker."""
        self.client("lambda").put_function_concurrency(
            FunctionName=self.functions["BulkScoreFunction"], ReservedConcurrentExecutions=0
        )

    def release_workers(self):
        self.client("lambda").delete_function_concurrency(
            FunctionName=self.functions["BulkScoreFunction"]
        )

    def publish(self, body):
        """Make a model file the live one."""
        self.client("s3").put_object(
            Bucket=self.outputs["ModelBucket"], Key="models/telco_churn_light.json", Body=body
        )


def credentials():
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "SAM_CLI_TELEMETRY": "0",
    }


@pytest.fixture(scope="session")
def ministack(lambda_image, tmp_path_factory):  # noqa: ARG001  it is there
    """The address of a MiniStack whose functions run in Lambda's image."""
    if not MINISTACK.exists():
        pytest.skip("no MiniStack here: make .venv-ministack/stamp")
    folder = tmp_path_factory.mktemp("ministack")
    emulators = Path(samcli.__file__).parent / "local/rapid"
    name = f"aws-lambda-rie-{ARCHITECTURE}"
    (folder / name).write_bytes((emulators / name).read_bytes())
    (folder / name).chmod(0o755)
    (folder / "Dockerfile").write_text(DOCKERFILE, "utf-8")
    had_image = not call("docker", "image", "inspect", LAMBDA).returncode
    if not had_image:
        assert not call("docker", "build", "-q", "-t", LAMBDA, str(folder)).returncode
    try:
        yield from serve(folder)
    finally:
        if not had_image:  # else it would shadow the real one
            call("docker", "image", "rm", LAMBDA)


def serve(folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "LAMBDA_EXECUTOR": "docker",
        "LAMBDA_STRICT": "1",
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [MINISTACK], cwd=folder, env=credentials() | settings, stdout=log, stderr=log
        )
        try:
            wait_for_port(server, port)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(60)


def wait_for_port(server, port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.2)
    raise AssertionError("MiniStack didn't start")


@pytest.fixture(scope="session")
def stack(ministack, built_template, trees):
    """The stack as `sam deploy` makes it, with a live model."""
    client = boto3.client(
        "s3",
        endpoint_url=ministack,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  any text does for MiniStack
    )
    where = {"LocationConstraint": REGION}
    client.create_bucket(Bucket=PACKAGES, CreateBucketConfiguration=where)
    empty = built_template.parent / "empty.toml"
    empty.write_text("version = 0.1\n", "utf-8")
    port = ministack.rpartition(":")[2]
    done = call(
        Path(sys.executable).with_name("sam"),
        *("deploy", "--config-file", empty, "--template-file", built_template),
        *("--stack-name", STACK, "--s3-bucket", PACKAGES, "--no-confirm-changeset"),
        *("--capabilities", "CAPABILITY_IAM", "--parameter-overrides"),
        *("ApiAuth=NONE", "BulkWorkers=2", f"Architecture={ARCHITECTURE}"),
        f"S3EndpointUrl=http://host.docker.internal:{port}",
        environment=credentials() | {"AWS_ENDPOINT_URL": ministack},
    )
    assert not done.returncode, done.stderr
    stack = describe(ministack)
    stack.publish(trees.path.read_bytes())
    return stack


def describe(url):
    bare = Stack(url, {"BulkBucket": "", "BulkMachine": ""}, {})
    cloudformation = bare.client("cloudformation")
    (found,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in found["Outputs"]}
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    functions = {
        item["LogicalResourceId"]: item["PhysicalResourceId"]
        for item in resources
        if item["ResourceType"] == "AWS::Lambda::Function"
    }
    return Stack(url, outputs, functions)


def call(*words, environment=None):
    return subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
