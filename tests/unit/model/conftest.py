"""Tables other than IBM's, as churn tables come: a bank's, a card company's; and a fake S3."""

import copy
from collections.abc import MutableMapping
from types import SimpleNamespace

import boto3
import numpy as np
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from model.reading.csv_table import parse_table
from model.registry.bucket import Bucket
from model.registry.registry import Registry
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset


@pytest.fixture
def bank_csv(tmp_path):
    """A bank's customers: two numbers of a row, surnames, and a target 0/1 called Exited."""
    rng = np.random.default_rng(1)
    rows = 400
    lines = ["RowNumber,CustomerId,Surname,CreditScore,Geography,Gender,Age,Balance,Exited"]
    for row in range(rows):
        age = rng.integers(18, 80)
        fields = [
            row + 1,
            15_600_000 + row * 7919 % 100_000,
            f"Surname {rng.integers(300)}",
            rng.integers(350, 850),
            rng.choice(["France", "Germany", "Spain"]),
            rng.choice(["Female", "Male"]),
            age,
            round(rng.uniform(0, 2e5), 2) if rng.random() < 0.6 else 0,
            int(rng.random() < age / 120),
        ]
        lines.append(",".join(map(str, fields)))
    return _write(tmp_path / "bank.csv", lines)


@pytest.fixture
def card_csv(tmp_path):
    """A card company's customers, quoted, with "Unknown" as a category and blanks in numbers."""
    rng = np.random.default_rng(2)
    rows = 300
    lines = ['"CLIENTNUM","Attrition_Flag","Customer_Age","Education_Level","Credit_Limit"']
    for row in range(rows):
        has_left = rng.random() < 0.2
        fields = [
            768_805_383 + row * 104_729,
            "Attrited Customer" if has_left else "Existing Customer",
            rng.integers(26, 73),
            rng.choice(["Graduate", "High School", "Unknown", ""]),
            "" if row % 50 == 0 else round(rng.uniform(1400, 34_000) / (2 if has_left else 1), 1),
        ]
        lines.append(",".join(f'"{field}"' for field in fields))
    return _write(tmp_path / "card.csv", lines)


@pytest.fixture(scope="package")
def customers():
    """Eighty customers with two numbers and two categories, blanks in one of each."""
    rng = np.random.default_rng(3)
    lines = ["id,tenure,charges,contract,gender,Churn"]
    for row in range(80):
        tenure = rng.integers(0, 73)
        charges = "" if row % 20 == 0 else round(rng.uniform(18, 119), 2)
        contract = "" if row % 30 == 1 else rng.choice(["Monthly", "One year", "Two year"])
        has_left = rng.random() < (0.7 if tenure < 20 else 0.2)
        gender = rng.choice(["Female", "Male"])
        lines.append(f"c{row},{tenure},{charges},{contract},{gender},{'Yes' if has_left else 'No'}")
    return build_dataset(parse_table("customers.csv", "\n".join(lines).encode()), INFER_ALL)


@pytest.fixture(scope="package")
def fit(customers):
    """Return the function that fits a classifier behind the given steps, on all customers."""

    def fit_pipeline(classifier, *, numbers=None, texts=None, **options):
        numbers = numbers or make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
        texts = texts or make_pipeline(
            SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
        )
        columns = ColumnTransformer(
            [
                ("numbers", numbers, list(customers.numeric)),
                ("texts", texts, list(customers.categorical)),
            ],
            **options,
        )
        pipeline = Pipeline([("columns", columns), ("classifier", classifier)])
        return pipeline.fit(customers.frame, customers.target)

    return fit_pipeline


def _write(path, lines):
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    return path


class ModelBucket(MutableMapping):
    """The bucket "models" as a mapping of keys to bodies, and a client that can be troubled."""

    def __init__(self, client):
        self.client = client
        self.failure = None  # the error code or the exception that requests meet
        self.before_put = []  # what happens just before the next writes arrive
        client.create_bucket(Bucket="models")
        client.meta.events.register_first("before-send.s3", self._meet)

    def __getitem__(self, key):
        try:
            return self.client.get_object(Bucket="models", Key=key)["Body"].read()
        except self.client.exceptions.NoSuchKey as error:
            raise KeyError(key) from error

    def __setitem__(self, key, body):
        self.client.put_object(Bucket="models", Key=key, Body=body, ContentType="application/json")

    def __delitem__(self, key):
        self.client.delete_object(Bucket="models", Key=key)

    def __iter__(self):
        listing = self.client.list_objects_v2(Bucket="models")
        return (item["Key"] for item in listing.get("Contents", []))

    def __len__(self):
        return sum(1 for _ in self)

    def head(self, key):
        return self.client.head_object(Bucket="models", Key=key)

    def date(self, key, modified):
        """Set the time of an object's last change, which S3 tells to the second."""
        stored = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets["models"].keys[key]
        stored.last_modified = modified

    def _meet(self, request, event_name, **_):
        if self.before_put and event_name.endswith("PutObject"):
            self.before_put.pop(0)()
        if self.failure is None or event_name.endswith("HeadBucket"):  # asks where it lies
            return None
        if isinstance(self.failure, Exception):
            raise self.failure
        document = f"<Error><Code>{self.failure}</Code><Message>no</Message></Error>".encode()
        return AWSResponse(request.url, 400, {}, SimpleNamespace(stream=lambda: iter([document])))


@pytest.fixture(scope="package")
def boto3_session():
    return boto3.session.Session("id", "secret", region_name="us-east-1")


@pytest.fixture
def bucket(boto3_session):
    """The bucket "models" on a fake S3."""
    with mock_aws():
        # Without retries: a test that troubles a request would wait for them.
        config = Config(retries={"total_max_attempts": 1})
        yield ModelBucket(boto3_session.client("s3", config=config))


@pytest.fixture
def registry(bucket):
    return Registry(Bucket(bucket.client, "models"))


@pytest.fixture
def model_file(document, pack):
    """Return the function that makes a model file: which one of a series, and what is changed."""

    def make(number=1, **meta):
        changed = copy.deepcopy(document)
        changed["artifact"]["intercept"] = [-0.5 - number]
        changed["training_meta"] |= {
            "version": f"20261122T09000{number}Z-{number:012x}",
            "parity": {"rows": 100, "max_difference": 2e-16},
            **meta,
        }
        return pack(changed)

    return make


@pytest.fixture
def logs(monkeypatch):
    """moto's CloudWatch, with a group of one stream."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("logs", region_name="us-east-1")
        client.create_log_group(logGroupName="predict")
        client.create_log_stream(logGroupName="predict", logStreamName="one")
        yield client
