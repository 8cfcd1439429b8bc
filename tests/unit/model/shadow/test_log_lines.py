"""Lines from a file, and from moto's CloudWatch over boto3."""

import json
import time

import pytest

from model.errors import ModelError
from model.shadow.log_lines import read_log_file, read_log_group

LINE = {"level": "INFO", "event": "shadow_differences", "customers": 120}
OTHERS = [
    'START shadow_differences {"event"',
    json.dumps({"event": "refresh_failed", "message": "shadow_differences"}),
    json.dumps(["shadow_differences"]),
    json.dumps({"status": 200}),
]


def test_only_the_lines_about_the_shadow_are_taken(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text(
        "\n".join([*OTHERS, json.dumps(LINE), "bytes \udcff"]), errors="surrogateescape"
    )

    assert read_log_file(path) == [{"customers": 120}]


def test_a_log_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"none\.txt: can't be read"):
        read_log_file(tmp_path / "none.txt")


def test_only_the_lines_of_a_group_about_the_shadow_are_taken(logs):
    at = int(time.time() * 1000) - 60_000
    events = [{"timestamp": at, "message": message} for message in [*OTHERS, json.dumps(LINE)]]
    logs.put_log_events(logGroupName="predict", logStreamName="one", logEvents=events)

    assert read_log_group("predict", days=1) == [{"customers": 120}]
