"""The stack deployed on MiniStack: an AWS account on this machine, with Lambda in containers."""

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
from certificates import Authority

ROOT = Path(__file__).parents[2]
MINISTACK = ROOT / ".venv-ministack/bin/ministack"
REGION = "eu-central-1"
STACK = "rehearsal"
PACKAGES = "packages"
ROLLOUT = "Canary10Percent5Minutes"  # the template's default
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
    name: str
    outputs: dict
    resources: dict  # by their names in the template
    parameters: dict

    @property
    def environment(self):
        """The environment in which commands use this stack."""
        settings = {
            "AWS_ENDPOINT_URL": self.url,
            "MODEL_BUCKET": self.outputs["ModelBucket"],
            "BULK_BUCKET": self.outputs["BulkBucket"],
            "BULK_MACHINE": self.outputs["BulkMachine"],
            "LOG_GROUP": self.outputs["PredictLogs"],
            "DEPLOY_LOG_GROUP": self.outputs["DeployLogs"],
            "PREDICT_FUNCTION": self.outputs["PredictFunction"],
        }
        return credentials() | settings

    def client(self, service):
        """Return a boto3 client."""
        return connect(self.url, service)

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
            FunctionName=self.resources["BulkScoreFunction"], ReservedConcurrentExecutions=0
        )

    def release_workers(self):
        self.client("lambda").delete_function_concurrency(
            FunctionName=self.resources["BulkScoreFunction"]
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
def authority(tmp_path_factory):
    """The certificate authority that this MiniStack trusts."""
    return Authority(tmp_path_factory.mktemp("authority"), 1)


@pytest.fixture(scope="session")
def ministack(lambda_image, authority, tmp_path_factory):  # noqa: ARG001  the image is there
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
    (folder / "authority.pem").write_bytes(authority.pem)
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
        "SSL_CERT_FILE": str(folder / "authority.pem"),
        "AUTH": "true",  # requests are signed, and roles may what they may
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


def connect(url, service):
    """Return a boto3 client of a MiniStack."""
    own = credentials()
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=own["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=own["AWS_SECRET_ACCESS_KEY"],
    )


@pytest.fixture(scope="session")
def stack(ministack, built_template, trees):
    """The stack as `sam deploy` makes it, with a live model; tests share it."""
    where = {"LocationConstraint": REGION}
    connect(ministack, "s3").create_bucket(Bucket=PACKAGES, CreateBucketConfiguration=where)
    stack = deploy(
        ministack, built_template, STACK, ApiAuth="NONE", BulkWorkers=2, ModelRefreshSeconds=0
    )
    stack.publish(trees.path.read_bytes())
    return stack


def deploy(url, template, name, **parameters):
    """Create or update a stack by `sam deploy`, and return it.

    MiniStack has no CodeDeploy, so the built template gets another default for `Rollout`, which
    SAM's transform reads; MiniStack hands it no parameters.
    """
    empty = template.parent / "empty.toml"
    empty.write_text("version = 0.1\n", "utf-8")
    unchecked = template.parent / "unchecked.yaml"
    text = template.read_text("utf-8")
    unchecked.write_text(text.replace(f"Default: {ROLLOUT}", "Default: Unchecked"), "utf-8")
    port = url.rpartition(":")[2]
    settings = {
        "Architecture": ARCHITECTURE,
        "S3EndpointUrl": f"http://host.docker.internal:{port}",
    } | parameters
    done = call(
        Path(sys.executable).with_name("sam"),
        *("deploy", "--config-file", empty, "--template-file", unchecked),
        *("--stack-name", name, "--s3-bucket", PACKAGES, "--no-confirm-changeset"),
        *("--capabilities", "CAPABILITY_IAM", "--parameter-overrides"),
        *(f'{key}="{value}"' for key, value in settings.items()),  # schedules have spaces
        environment=credentials() | {"AWS_ENDPOINT_URL": url},
    )
    assert not done.returncode, done.stderr
    stack = describe(url, name)
    for bucket in ("ModelBucket", "BulkBucket"):  # whose policies refuse what isn't TLS
        stack.client("s3").delete_bucket_policy(Bucket=stack.outputs[bucket])
    return stack


def describe(url, name):
    cloudformation = connect(url, "cloudformation")
    (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    return Stack(
        url,
        name,
        {item["OutputKey"]: item["OutputValue"] for item in found["Outputs"]},
        {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in resources},
        {item["ParameterKey"]: item["ParameterValue"] for item in found["Parameters"]},
    )


def call(*words, environment=None):
    return subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
