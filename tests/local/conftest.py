"""What the tests here share: Docker with Lambda's image, a built stack, S3, two trained models.

A person's machine may lack Docker: then these tests are skipped, with the reason. CI has it.
"""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from rehearsed.stack import authority, ministack, stack  # noqa: F401  fixtures
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from inference.scoring.artifact import load_artifact
from model.export.model_file import build_artifact, serialize
from model.local.environment import BUCKET, REGION, create_bucket, make_environment
from model.local.sam import ALL_INTERFACES, make_local_stack
from model.paths import MODEL_KEY
from model.table.dataset import Dataset, synthetic_dataset

ROOT = Path(__file__).parents[2]
CUSTOMERS = 1_000
START_TIMEOUT_S = 120  # a container starts in seconds, unless the machine is busy with another test
REQUEST_TIMEOUT_S = 30


@dataclass(frozen=True)
class TrainedModel:
    """A fitted pipeline and the model file made of it."""

    path: Path
    version: str
    pipeline: Pipeline
    dataset: Dataset

    def probability(self, record):
        """Return scikit-learn's own answer for one record, blanks being NaN."""
        frame = self.dataset.frame.iloc[:1].copy()
        for name in frame.columns:
            value = record[name]
            is_blank = value is None or (isinstance(value, str) and not value.strip())
            frame[name] = float("nan") if is_blank else value
        return float(self.pipeline.predict_proba(frame.astype(self.dataset.frame.dtypes))[0, 1])


@dataclass(frozen=True)
class Api:
    """An HTTP server to ask."""

    url: str

    def ask(self, method, path, body=None, headers=None):
        """Return status, headers (names in lower case) and body of the answer."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.netloc, timeout=REQUEST_TIMEOUT_S)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return response.status, names, response.read()
        finally:
            connection.close()


@dataclass(frozen=True)
class Aws:
    """An AWS account on this machine."""

    url: str

    @property
    def environment(self):
        """The environment in which tools use this account."""
        return make_environment(self.url) | {"AWS_ENDPOINT_URL": self.url}

    def client(self, service):
        """Return a boto3 client."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106  any text does for moto
        )

    def create_bucket(self, name):
        """Create a bucket."""
        where = {"LocationConstraint": REGION}
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)


@pytest.fixture(scope="session")
def dataset():
    return synthetic_dataset(CUSTOMERS)


@pytest.fixture(scope="session")
def trees(dataset, tmp_path_factory):
    classifier = GradientBoostingClassifier(random_state=42)
    return train(classifier, dataset, tmp_path_factory.mktemp("trees"))


@pytest.fixture(scope="session")
def linear(dataset, tmp_path_factory):
    return train(LogisticRegression(max_iter=500), dataset, tmp_path_factory.mktemp("linear"))


@pytest.fixture(scope="session")
def lambda_image():
    """Docker has the image of Lambda's Python, pulled or made."""
    if shutil.which("docker") is None:
        pytest.skip("Docker isn't installed")
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("Docker isn't running")
    script = ROOT / "tests/local/image/build_lambda_image.sh"
    environment = os.environ | {"PYTHON": sys.executable}
    result = subprocess.run(
        [script], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    if result.returncode:
        pytest.skip(f"no image of Lambda's Python: {result.stderr.strip()}")


@pytest.fixture(scope="session")
def built_template(tmp_path_factory):
    """The template that `sam build` makes."""
    folder = tmp_path_factory.mktemp("build")
    run_sam("build", "--build-dir", folder, "--cache-dir", folder / "cache")
    return folder / "template.yaml"


@pytest.fixture(scope="session")
def s3_url():
    """An S3 with one bucket, in a process of its own: moto's mocks reset whatever shares theirs."""
    with moto_server(ALL_INTERFACES) as url:
        create_bucket(url)
        yield url


@pytest.fixture
def no_live_model(s3_url):
    """That S3, with no live model for a publisher's gate to compare with."""
    Aws(s3_url).client("s3").delete_object(Bucket=BUCKET, Key=MODEL_KEY)
    return s3_url


@pytest.fixture(scope="session")
def aws():
    """An AWS account of moto's, in a process of its own."""
    with moto_server("127.0.0.1") as url:
        yield Aws(url)


@pytest.fixture
def own_aws():
    """Another one, which nobody shares."""
    with moto_server("127.0.0.1") as url:
        yield Aws(url)


@pytest.fixture
def free_port():
    return find_free_port()


@pytest.fixture(scope="session")
def sam():
    """SAM CLI in the project's folder: called with words, it gives back what it said."""
    return run_sam


@pytest.fixture(scope="session")
def local_stack(lambda_image, built_template, s3_url, tmp_path_factory):  # noqa: ARG001  it is there
    """The built stack, whose function looks for a newer model with each request."""
    folder = tmp_path_factory.mktemp("stack")
    return make_local_stack(s3_url, folder, built_template, {"MODEL_REFRESH_SECONDS": "0"})


@pytest.fixture(scope="session")
def sam_api(local_stack):
    """`sam local start-api` with one warm container; which model it has is for the test to say."""
    with start_api(local_stack) as api:
        yield api


@pytest.fixture(scope="session")
def serve_stack(lambda_image, built_template):  # noqa: ARG001  it is there
    """Return the context of the API of a stack with these variables, which logs to a file."""

    def serve(s3_url, folder, variables, log):
        made = make_local_stack(s3_url, folder, built_template, variables)
        return start_api(made, "--log-file", str(log))

    return serve


@contextlib.contextmanager
def start_api(made, *words):
    """Run SAM's local API of a local stack on a free port, with one warm container."""
    api = Api(f"http://127.0.0.1:{find_free_port()}")
    port = api.url.rpartition(":")[2]
    command = made.command("start-api", "--port", port, "--warm-containers", "EAGER", *words)
    with running(command, api, made.environment):
        yield api


def train(classifier, dataset, folder):
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    categories = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    transformer = ColumnTransformer(
        [
            ("numbers", numbers, list(dataset.numeric)),
            ("categories", categories, list(dataset.categorical)),
        ]
    )
    pipeline = Pipeline([("preprocess", transformer), ("classify", classifier)])
    pipeline.fit(dataset.frame, dataset.target)
    body = serialize(build_artifact(pipeline, dataset, range(len(dataset.target))), {})
    path = folder / "model.json"
    path.write_bytes(body)
    return TrainedModel(path, load_artifact(body).version, pipeline, dataset)


def run_sam(*words, environment=None):
    """Run SAM CLI in the project's folder, and return what it said."""
    sam = Path(sys.executable).with_name("sam")
    result = subprocess.run(
        [sam, *words],
        cwd=ROOT,
        env=(environment or os.environ) | {"SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def find_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def moto_server(host):
    """Run AWS's services, as moto knows them, on a free port; localhost, as `sam deploy` wants."""
    api = Api(f"http://localhost:{find_free_port()}")
    port = api.url.rpartition(":")[2]
    command = [sys.executable, "-m", "moto.server", "-H", host, "-p", port]
    with running(command, api, os.environ):
        yield api.url


@contextlib.contextmanager
def running(command, api, environment):
    """Keep a server running from its first answer on, and stop it as Ctrl-C does."""
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            wait_for_answer(server, api, log)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(START_TIMEOUT_S)


def wait_for_answer(server, api, log):
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            api.ask("GET", "/")
            return
        time.sleep(0.2)
    log.seek(0)
    raise AssertionError(f"no answer: {log.read()}")
