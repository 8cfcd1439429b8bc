"""Tables other than IBM's, as churn tables come: a bank's, a card company's; and a fake S3."""

import copy
import io
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pytest
from botocore.exceptions import ClientError
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


class FakeS3:
    """The edge to S3: what of boto3's client the registry calls, with S3's conditions on writes."""

    def __init__(self):
        self.objects = {}
        self.content_types = {}
        self.failures = []
        self.before_put = []
        self.meta = SimpleNamespace(endpoint_url="http://127.0.0.1:1")
        self._clock = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def put_object(self, *, Key, Body, ContentType, Bucket, IfMatch=None, IfNoneMatch=None):  # noqa: N803  boto3's names
        self._fail_if_told("PutObject")
        if self.before_put:
            self.before_put.pop(0)()
        found = self.objects.get(Key)
        if IfMatch and not found:
            raise _s3_error("NoSuchKey", "PutObject")
        if (IfMatch and found[1] != IfMatch) or (IfNoneMatch and found):
            raise _s3_error("PreconditionFailed", "PutObject")
        self._clock += timedelta(seconds=1)
        self.objects[Key] = (Body, f'"{sha256(Body).hexdigest()[:32]}"', self._clock)
        self.content_types[Key] = ContentType
        assert Bucket == "models"

    def get_object(self, *, Bucket, Key):  # noqa: N803  boto3's names
        self._fail_if_told("GetObject")
        assert Bucket == "models"
        if Key not in self.objects:
            raise _s3_error("NoSuchKey", "GetObject")
        body, etag, modified = self.objects[Key]
        return {"Body": io.BytesIO(body), "ETag": etag, "LastModified": modified}

    def delete_object(self, *, Bucket, Key):  # noqa: N803  boto3's names
        self._fail_if_told("DeleteObject")
        assert Bucket == "models"
        self.objects.pop(Key, None)

    def get_paginator(self, operation):
        assert operation == "list_objects_v2"
        return SimpleNamespace(paginate=self._paginate)

    def _paginate(self, *, Bucket, Prefix):  # noqa: N803  boto3's names
        self._fail_if_told("ListObjectsV2")
        assert Bucket == "models"
        keys = sorted(key for key in self.objects if key.startswith(Prefix))
        if not keys:
            yield {}
        for key in keys:
            body, _, modified = self.objects[key]
            yield {"Contents": [{"Key": key, "Size": len(body), "LastModified": modified}]}

    def _fail_if_told(self, operation):
        if self.failures:
            failure = self.failures.pop(0)
            raise _s3_error(failure, operation) if isinstance(failure, str) else failure


def _s3_error(code, operation):
    return ClientError({"Error": {"Code": code, "Message": "from the fake"}}, operation)


@pytest.fixture
def fake_s3():
    return FakeS3()


@pytest.fixture
def registry(fake_s3):
    return Registry(Bucket(fake_s3, "models"))


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
