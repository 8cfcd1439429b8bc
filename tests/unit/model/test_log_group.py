"""Messages from moto's CloudWatch over boto3."""

import time
from datetime import UTC, datetime

import pytest

from model.errors import StackError
from model.log_group import Message, read_messages


def put(logs, messages, age_s=60):
    at = int((time.time() - age_s) * 1000)
    events = [{"timestamp": at, "message": message} for message in messages]
    logs.put_log_events(logGroupName="predict", logStreamName="one", logEvents=events)
    return datetime.fromtimestamp(at / 1000, UTC)


def test_log_group_is_read_page_by_page(logs):
    at = put(logs, [f"word {number}" for number in range(25)])
    put(logs, ["another"])

    found = read_messages("predict", 1, "word")

    assert found == [Message(at, f"word {number}") for number in range(25)]


def test_older_messages_do_not_count(logs):
    put(logs, ["word"], age_s=3 * 86_400)

    assert read_messages("predict", 2, "word") == []
    assert len(read_messages("predict", 4, "word")) == 1


@pytest.mark.usefixtures("logs")
def test_log_group_that_is_not_there_is_one_line():
    with pytest.raises(StackError, match=r"log group nowhere: can't be read; .*ResourceNotFound"):
        read_messages("nowhere", 1, "word")


def test_no_region_is_one_line(monkeypatch):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(StackError, match="log group predict: in which AWS region"):
        read_messages("predict", 1, "word")
