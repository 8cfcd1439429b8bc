"""Days from moto's bucket and log, over boto3."""

import json
from datetime import UTC, date, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from model.__main__ import main
from model.errors import StackError
from model.monitoring.windows import collect_windows, find_references, open_watch

VERSION = "20261122T090000Z-0123456789ab"
TODAY = datetime.now(UTC).date()


def day(before):
    return TODAY - timedelta(days=before)


@pytest.fixture
def aws(monkeypatch, model, counted):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "MODEL_KEY", "BULK_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        s3, logs = boto3.client("s3"), boto3.client("logs")
        for name in ("models", "bulk"):
            s3.create_bucket(Bucket=name)
        s3.put_object(
            Bucket="models", Key=f"models/versions/{VERSION}.json", Body=json.dumps(model).encode()
        )
        logs.create_log_group(logGroupName="predict")
        logs.create_log_stream(logGroupName="predict", logStreamName="one")
        line = {"event": "customer_counts", "model_version": VERSION, **counted}
        for before in (2, 1):
            noon = datetime(*day(before).timetuple()[:3], 12, tzinfo=UTC)
            event = {"timestamp": int(noon.timestamp() * 1000), "message": json.dumps(line)}
            logs.put_log_events(logGroupName="predict", logStreamName="one", logEvents=[event])
        yield s3


@pytest.fixture
def watch(aws):  # noqa: ARG001
    return open_watch("predict", "models", "models/live.json", "bulk")


def test_days_that_nobody_judged_are_judged_from_the_log(watch):
    windows = collect_windows(watch, day(3), day(1))

    alarms = [window["versions"].get(VERSION, {}).get("alarm") for window in windows]
    assert [window["day"] for window in windows] == [day(n).isoformat() for n in (3, 2, 1)]
    assert alarms == [None, [], ["contract"]]


def test_what_the_monitor_has_written_is_taken_as_it_is(watch, aws):
    verdict = {"customers": 900, "is_judged": True, "drifted": ["contract"], "alarm": []}
    stored = {"day": day(2).isoformat(), "versions": {VERSION: verdict}}
    key = f"monitoring/windows/{day(2).isoformat()}.json"
    aws.put_object(Bucket="models", Key=key, Body=json.dumps(stored).encode())

    first, second = collect_windows(watch, day(2), day(1))

    assert first == stored
    assert second["versions"][VERSION]["alarm"] == ["contract"]


def test_references_are_those_of_the_judged_versions(watch, model):
    windows = collect_windows(watch, day(1), day(1))
    windows[0]["versions"]["gone"] = {"customers": 5, "is_judged": False}

    assert find_references(watch, windows) == {VERSION: model}


def test_a_log_that_is_not_there_is_one_line(aws):  # noqa: ARG001
    watch = open_watch("gone", "models", "models/live.json", None)

    with pytest.raises(StackError, match=r"AWS can't be asked; .*ResourceNotFound"):
        collect_windows(watch, day(1), day(1))


def test_without_a_region_it_is_asked_for(monkeypatch, tmp_path):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(StackError, match="in which AWS region"):
        open_watch("predict", "models", "models/live.json", None)


@pytest.fixture
def command(aws, monkeypatch, tmp_path, capsys):  # noqa: ARG001
    """Return the function that runs the command, and gives its status and output."""
    monkeypatch.setenv("LOG_GROUP", "predict")
    monkeypatch.setenv("MODEL_BUCKET", "models")

    def run(*words):
        status = main(["monitor", "--out", str(tmp_path / "page.html"), *words])
        return status, capsys.readouterr()

    return run


def test_command_prints_a_table_and_writes_a_page(command, tmp_path):
    status, printed = command()

    assert status == 0
    assert day(1).isoformat() in printed.out
    assert "contract" in printed.out
    assert "<svg" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_command_prints_json_for_scripts(command):
    words = ("--json", "--from", day(2).isoformat(), "--to", day(1).isoformat())

    _, printed = command(*words)

    assert [window["lines"] for window in json.loads(printed.out)] == [1, 1]


def test_days_in_the_wrong_order_are_refused(command):
    status, printed = command("--from", "2026-11-24", "--to", "2026-11-20")

    assert status == 2
    assert "--from 2026-11-24: is after --to 2026-11-20" in printed.err


def test_without_a_log_group_it_is_asked_for(command, monkeypatch):
    monkeypatch.delenv("LOG_GROUP")

    status, printed = command("--to", date.today().isoformat())

    assert status == 2
    assert "say --log-group, or set LOG_GROUP" in printed.err
