"""The entry points, as the state machine calls them."""

import json

import boto3
import pytest
from moto import mock_aws

import bulk
from inference.bulk.errors import FaultError, RequestError

TABLE = b"customerID,tenure,charges,contract,paperless\nA,10,90,Month-to-month,Yes\n"


@pytest.fixture
def client(monkeypatch, document, pack):
    settings = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": "",
        "BULK_BUCKET": "bulk",
        "BULK_WORKERS": "7",
        "MODEL_BUCKET": "models",
        "MODEL_KEY": "models/live.json",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        for name in ("bulk", "models"):
            client.create_bucket(Bucket=name)
        client.put_object(Bucket="models", Key="models/live.json", Body=pack(document))
        client.put_object(Bucket="bulk", Key="in/may.csv", Body=TABLE)
        yield client


def read(client, key):
    return client.get_object(Bucket="bulk", Key=key)["Body"].read()


def test_steps_from_table_to_answer(client):
    plan = bulk.plan({"run": "may", "request": {"input": "in/may.csv"}}, None)
    (item,) = json.loads(read(client, plan["items"]["key"]))
    part = bulk.score(item, None)
    ended = bulk.join({"run": "may", "results": [{"part": part}]}, None)
    tidied = bulk.join({"run": "may"}, None)

    assert plan["workers"] == 1  # no more than parts
    assert ended == {
        "scores": "s3://bulk/out/may/scores.csv",
        "summary": "s3://bulk/out/may/summary.json",
        "customers": 1,
        "not_scored": 0,
    }
    assert tidied == {}
    # 1 / (1 + e^-1.8), as in test_predict.py
    name, probability, *rest = read(client, "out/may/scores.csv").splitlines()[1].split(b",")
    assert (name, rest) == (b"A", [b"1", b""])
    assert float(probability) == pytest.approx(0.8581489350995121, abs=1e-15)


def test_what_the_caller_can_mend_comes_through(client):  # noqa: ARG001
    with pytest.raises(RequestError, match=r"^in/gone\.csv: there is no such object$"):
        bulk.plan({"run": "may", "request": {"input": "in/gone.csv"}}, None)


def test_answer_of_s3_is_told_without_its_text(client, monkeypatch):  # noqa: ARG001
    monkeypatch.setenv("BULK_BUCKET", "not-there")

    with pytest.raises(FaultError) as caught:
        bulk.plan({"run": "may", "request": {"input": "in/may/"}}, None)

    assert str(caught.value) == "S3 answered NoSuchBucket to ListObjectsV2"


def test_s3_out_of_reach_is_told_without_its_address(client, monkeypatch):  # noqa: ARG001
    monkeypatch.setenv("BULK_BUCKET", "no such name")

    with pytest.raises(FaultError) as caught:
        bulk.plan({"run": "may", "request": {"input": "in/may/"}}, None)

    assert str(caught.value) == "S3 can't be reached (ParamValidationError)"


@pytest.mark.parametrize("step", [bulk.plan, bulk.score, bulk.join], ids=lambda step: step.__name__)
def test_fault_of_ours_is_told_by_its_place_and_holds_no_data(client, step):  # noqa: ARG001
    with pytest.raises(FaultError) as caught:
        step({"part": "a customer's name", "results": []}, None)

    assert str(caught.value).startswith("KeyError: bulk.")
    assert "customer's" not in str(caught.value)
