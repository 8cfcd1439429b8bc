"""Lines from a file, and from moto's CloudWatch over boto3."""

import json
import time

import boto3
import pytest
from moto import mock_aws

from model.errors import ModelError, StackError
from model.shadow.log_lines import read_log_file, read_log_group

LINE = {"level": "INFO", "event": "shadow_differences", "customers": 120}
OTHERS = [
    'START shadow_differences {"event"',
    json.dumps({"event": "refresh_failed", "message": "shadow_differences"}),
    json.dumps(["shadow_differences"]),
    json.dumps({"status": 200}),
]


@pytest.fixture
def logs(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("logs", region_name="us-east-1")
        client.create_log_group(logGroupName="predict")
        client.create_log_stream(logGroupName="predict", logStreamName="one")
        yield client


def put(logs, messages, age_s=60):
    at = int((time.time() - age_s) * 1000)
    events = [{"timestamp": at, "message": message} for message in messages]
    logs.put_log_events(logGroupName="predict", logStreamName="one", logEvents=events)


def test_only_the_lines_about_the_shadow_are_taken(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text(
        "\n".join([*OTHERS, json.dumps(LINE), "bytes \udcff"]), errors="surrogateescape"
    )

    assert read_log_file(path) == [{"customers": 120}]


def test_a_log_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"none\.txt: can't be read"):
        read_log_file(tmp_path / "none.txt")


def test_log_group_is_read_page_by_page(logs):
    put(logs, [json.dumps(LINE | {"customers": number}) for number in range(25)])
    put(logs, OTHERS)

    found = read_log_group("predict", days=1)

    assert [line["customers"] for line in found] == [*range(25)]


def test_older_lines_do_not_count(logs):
    put(logs, [json.dumps(LINE)], age_s=3 * 86_400)

    assert read_log_group("predict", days=2) == []
    assert len(read_log_group("predict", days=4)) == 1


def test_log_group_that_is_not_there_is_one_line(logs):  # noqa: ARG001  CloudWatch itself
    with pytest.raises(StackError, match=r"log group nowhere: can't be read; .*ResourceNotFound"):
        read_log_group("nowhere", days=1)


def test_no_region_is_one_line(monkeypatch):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(StackError, match="log group predict: in which AWS region"):
        read_log_group("predict", days=1)
