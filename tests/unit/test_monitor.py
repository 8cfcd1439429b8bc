"""The monitor's entry point, as its schedule calls it."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

import monitor

VERSION = "20261122T090000Z-0123456789ab"
REFERENCE = {
    "customers": 200,
    "features": [
        {"edges": [72.0], "counts": [0, 200, 0, 0]},
        {"edges": [118.75], "counts": [0, 200, 0, 0]},
        {"counts": [120, 80, 0, 0]},
        {"counts": [100, 100, 0, 0]},
    ],
    "scores": {"edges": [0.5], "counts": [150, 50], "leavers": [30, 40]},
}
MOVED = {
    "event": "customer_counts",
    "model_version": VERSION,
    "customers": 1_000,
    "features": [[0, 1_000, 0, 0], [0, 1_000, 0, 0], [600, 400, 0, 0], [0, 0, 0, 1_000]],
    "scores": [750, 250],
}
ENOUGH_TIME = SimpleNamespace(function_name="monitor", get_remaining_time_in_millis=lambda: 60_001)


@pytest.fixture
def aws(monkeypatch, document, pack):
    settings = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": "",
        "LOG_GROUP": "predict",
        "BULK_BUCKET": "bulk",
        "MODEL_BUCKET": "models",
        "MODEL_KEY": "models/live.json",
        "ALARM_TOPIC": "",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monitor.connect.cache_clear()
    monitor.open_watch.cache_clear()
    with mock_aws():
        s3, logs = boto3.client("s3"), boto3.client("logs")
        for name in ("bulk", "models"):
            s3.create_bucket(Bucket=name)
        body = pack(document | {"reference": REFERENCE})
        s3.put_object(Bucket="models", Key=f"models/versions/{VERSION}.json", Body=body)
        logs.create_log_group(logGroupName="predict")
        logs.create_log_stream(logGroupName="predict", logStreamName="one")
        put_line(logs, datetime.now(UTC) - timedelta(days=1))
        yield SimpleNamespace(s3=s3, logs=logs)
    monitor.connect.cache_clear()
    monitor.open_watch.cache_clear()


def put_line(logs, moment):
    event = {"timestamp": int(moment.timestamp() * 1000), "message": json.dumps(MOVED)}
    logs.put_log_events(logGroupName="predict", logStreamName="one", logEvents=[event])


def yesterday():
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


def drift_before(aws):
    """Write down that the field had drifted the day before."""
    midnight = datetime.fromisoformat(yesterday()).replace(tzinfo=UTC)
    progress = {
        "day": yesterday(),
        "from_ms": int(midnight.timestamp() * 1000),
        "counts": {},
        "lines": 0,
        "damaged": 0,
        "drifted": {VERSION: ["paperless"]},
    }
    aws.s3.put_object(
        Bucket="models", Key="monitoring/progress.json", Body=json.dumps(progress).encode()
    )


def test_a_days_metrics_are_told(aws, capsys):  # noqa: ARG001
    told = monitor.lambda_handler({}, ENOUGH_TIME)

    assert told == {"days": [yesterday()], "is_complete": True}
    line = json.loads(capsys.readouterr().out)
    assert (line["MonitoredCustomers"], line["DriftedFields"], line["AlarmedFields"]) == (
        1_000,
        1,
        0,
    )


def test_news_reach_the_topic(aws, monkeypatch):
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="on-call")["TopicArn"]
    queue = sqs.create_queue(QueueName="on-call")["QueueUrl"]
    where = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=where["Attributes"]["QueueArn"])
    monkeypatch.setenv("ALARM_TOPIC", topic)
    drift_before(aws)

    monitor.lambda_handler({}, ENOUGH_TIME)

    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    body = json.loads(message["Body"])
    assert body["Subject"] == f"Customers differ from training ({yesterday()})"
    assert "paperless: 100.0% of them moved to other bins (100.0% more blank)" in body["Message"]


def test_without_a_topic_the_metric_is_all(aws, capsys):
    drift_before(aws)

    monitor.lambda_handler({}, ENOUGH_TIME)

    assert json.loads(capsys.readouterr().out)["AlarmedFields"] == 1


def test_without_a_minute_it_stops_and_says_so(aws):  # noqa: ARG001
    hurry = SimpleNamespace(function_name="monitor", get_remaining_time_in_millis=lambda: 60_000)

    assert monitor.lambda_handler({}, hurry) == {"days": [], "is_complete": False}


def test_endpoint_of_s3_is_not_that_of_other_services(aws, monkeypatch):  # noqa: ARG001
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000")

    addresses = [monitor.connect(service).meta.endpoint_url for service in ("s3", "logs", "sns")]

    assert addresses == [
        "http://127.0.0.1:9000",
        "https://logs.us-east-1.amazonaws.com",
        "https://sns.us-east-1.amazonaws.com",
    ]
