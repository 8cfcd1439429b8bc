"""Days of counts in moto's logs and buckets; what AWS answers otherwise stands in test_storage."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from inference.monitoring.state import describe_state
from inference.monitoring.storage import Folder, Log, read_document, write_document
from inference.monitoring.watch import PROGRESS_KEY, Watch, catch_up

NOW = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
YESTERDAY = NOW - timedelta(days=1)
VERSION = "20261122T090000Z-0123456789ab"
LIKE_TRAINING = {
    "customers": 200,
    "features": [
        [0, 80, 60, 60, 0, 0],
        [0, 70, 60, 60, 0, 10],
        [120, 80, 0, 0],
        [90, 100, 0, 10],
    ],
    "scores": [80, 60, 40, 20],
}
MOVED = LIKE_TRAINING | {
    "features": [*LIKE_TRAINING["features"][:2], [20, 20, 160, 0], [90, 100, 0, 10]]
}


class ShortPages:
    """The edge to CloudWatch Logs: a log that is read line by line."""

    def __init__(self, events):
        self.events = events

    def filter_log_events(self, *, startTime, endTime, nextToken="0", **_asked):  # noqa: N803  AWS's
        found = [event for event in self.events if startTime <= event["timestamp"] <= endTime]
        after = int(nextToken) + 1
        more = {"nextToken": str(after)} if after < len(found) else {}
        return {"events": found[after - 1 : after], **more}


@pytest.fixture(autouse=True)
def aws(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def log():
    client = boto3.client("logs")
    client.create_log_group(logGroupName="predict")
    client.create_log_stream(logGroupName="predict", logStreamName="one")
    return Log(client, "predict")


@pytest.fixture
def folders():
    client = boto3.client("s3")
    for name in ("models", "bulk"):
        client.create_bucket(Bucket=name)
    return {name: Folder(client, name) for name in ("models", "bulk")}


@pytest.fixture
def watch(log, folders, document):
    write_document(folders["models"], f"models/versions/{VERSION}.json", document)
    return Watch(log, folders["models"], folders["bulk"], "models/live.json")


@pytest.fixture
def tell(log):
    """Return the function that logs counts of a customer's model, so long before NOW."""

    def put(counts, before, version=VERSION, event="customer_counts"):
        line = {"event": event, "model_version": version, **counts}
        time_ms = int((NOW - before).timestamp() * 1000)
        log.client.put_log_events(
            logGroupName="predict",
            logStreamName="one",
            logEvents=[{"timestamp": time_ms, "message": json.dumps(line)}],
        )

    return put


def test_yesterday_is_judged_and_written_down(watch, folders, tell):
    for hours in (3, 5, 9):
        tell(LIKE_TRAINING, timedelta(hours=hours))
    tell(LIKE_TRAINING, timedelta(hours=1))  # today

    windows, is_complete = catch_up(watch, NOW)

    day = YESTERDAY.date().isoformat()
    [window] = windows
    assert is_complete
    assert {name: window[name] for name in ("day", "lines", "damaged")} == {
        "day": day,
        "lines": 3,
        "damaged": 0,
    }
    assert window["versions"][VERSION]["customers"] == 600
    assert window["versions"][VERSION]["drifted"] == []
    assert read_document(folders["models"], f"monitoring/windows/{day}.json") == window


def test_last_window_is_left_as_state(watch, folders, tell):
    tell(LIKE_TRAINING, timedelta(hours=3))

    [window], _ = catch_up(watch, NOW)

    state = read_document(folders["models"], "monitoring/state.json")
    assert state == describe_state(window)
    assert state["versions"][VERSION]["verdict"] == "like_training"


def test_a_day_is_judged_once(watch, tell):
    tell(LIKE_TRAINING, timedelta(hours=3))
    catch_up(watch, NOW)

    assert catch_up(watch, NOW) == ([], True)


def test_a_field_alarms_on_its_second_day_and_idle_days_between_dont_count(watch, tell):
    catch_up(watch, NOW - timedelta(days=3))
    tell(MOVED, timedelta(days=2, hours=3))
    tell(MOVED, timedelta(hours=3))

    windows, _ = catch_up(watch, NOW)

    verdicts = [window["versions"].get(VERSION) for window in windows]
    assert [verdict and verdict["alarm"] for verdict in verdicts] == [[], None, ["contract"]]


def test_two_versions_of_a_day_are_judged_apart(watch, folders, tell, document):
    newer = "20261124T090000Z-0123456789ab"
    write_document(folders["models"], f"models/versions/{newer}.json", document)
    tell(LIKE_TRAINING, timedelta(hours=5))
    tell(MOVED, timedelta(hours=3), newer)

    [window], _ = catch_up(watch, NOW)

    drifted = {version: verdict["drifted"] for version, verdict in window["versions"].items()}
    assert drifted == {VERSION: [], newer: ["contract"]}


def test_the_live_file_stands_in_for_a_version_that_isnt_stored(watch, folders, tell, document):
    document["training_meta"]["version"] = "apart"
    write_document(folders["models"], "models/live.json", document)
    tell(LIKE_TRAINING, timedelta(hours=5), "apart")

    [window], _ = catch_up(watch, NOW)

    assert window["versions"]["apart"]["is_judged"]


def test_a_version_without_a_file_is_counted_only(watch, tell):
    for hours in (3, 4):
        tell(LIKE_TRAINING, timedelta(hours=hours), "gone")

    [window], _ = catch_up(watch, NOW)

    assert window["versions"] == {"gone": {"customers": 400, "is_judged": False}}


def test_lines_that_are_damaged_are_left_out_and_told(watch, tell):
    tell(LIKE_TRAINING | {"scores": [1, 2]}, timedelta(hours=3))
    tell(LIKE_TRAINING, timedelta(hours=4))
    tell(LIKE_TRAINING, timedelta(hours=5), event="about customer_counts")

    [window], _ = catch_up(watch, NOW)

    assert (window["lines"], window["damaged"]) == (1, 1)
    assert window["versions"][VERSION]["customers"] == 200


def test_bulk_runs_of_the_day_count(watch, folders):
    counts = {"event": "customer_counts", "model_version": VERSION, **LIKE_TRAINING}
    write_document(folders["bulk"], "counts/run.json", counts)
    tomorrow = datetime.now(UTC).replace(hour=2) + timedelta(days=1)

    [before], _ = catch_up(watch, NOW)
    [window], _ = catch_up(watch, tomorrow)

    assert before["versions"] == {}
    assert window["versions"][VERSION]["customers"] == 200


def test_without_a_bulk_bucket_the_log_is_all(watch, tell):
    tell(LIKE_TRAINING, timedelta(hours=3))
    alone = Watch(watch.log, watch.models, None, watch.model_key)

    [window], _ = catch_up(alone, NOW)

    assert window["versions"][VERSION]["customers"] == 200


def test_an_idle_day_has_a_window_without_customers(watch):
    [window], _ = catch_up(watch, NOW)

    assert (window["lines"], window["versions"]) == (0, {})


def test_a_run_that_had_no_time_goes_on_within_the_hour(watch):
    line = json.dumps({"event": "customer_counts", "model_version": VERSION, **LIKE_TRAINING})
    last_ms = int((NOW - timedelta(hours=9)).timestamp() * 1000)
    times = [last_ms - before_ms for before_ms in (9, 7, 7, 6, 3, 0)]
    log = Log(ShortPages([{"timestamp": ms, "message": line} for ms in times]), "predict")
    slow = Watch(log, watch.models, watch.bulk, watch.model_key)
    windows = []
    for _ in range(24):
        left = iter(range(2))  # pages, of which the third is one too many
        windows += catch_up(slow, NOW, lambda left=left: next(left, None) is not None)[0]

    [window] = windows
    assert window["versions"][VERSION]["customers"] == 6 * LIKE_TRAINING["customers"]


@pytest.mark.parametrize("stops", [1, 2, 5, 30])
def test_a_run_that_had_no_time_goes_on_where_it_stopped(watch, folders, tell, stops):
    for minutes in (130, 140, 140, 150, 400, 900):
        tell(LIKE_TRAINING, timedelta(minutes=minutes))
    runs, windows = 0, []
    while not windows:
        left = iter(range(stops))
        windows, is_complete = catch_up(watch, NOW, lambda left=left: next(left, None) is not None)
        assert is_complete == bool(windows)
        runs += 1
        assert runs < 100

    assert windows[0]["lines"] == 6
    assert windows[0]["versions"][VERSION]["customers"] == 1_200
    assert read_document(folders["models"], PROGRESS_KEY)["day"] == NOW.date().isoformat()
