"""Lambda's entry point of the monitor, on a schedule: are customers still as in training?"""

import json
import os
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

import boto3

from inference.monitoring.news import describe_metrics, write_news
from inference.monitoring.storage import Folder, Log
from inference.monitoring.watch import Watch, catch_up

SPARE_MS = 60_000  # before Lambda's time-out, to write down how far it came


def lambda_handler(_event: object, context: Any) -> dict[str, Any]:
    """Judge the days that are over, tell metrics and news, and return how far it came."""
    windows, is_complete = catch_up(
        open_watch(),
        datetime.now(UTC),
        lambda: context.get_remaining_time_in_millis() > SPARE_MS,
    )
    topic = os.environ.get("ALARM_TOPIC")
    for window in windows:
        print(json.dumps(describe_metrics(window, context.function_name)))
        news = write_news(window)
        if topic and news:
            connect("sns").publish(TopicArn=topic, Subject=news[0], Message=news[1])
    return {"days": [window["day"] for window in windows], "is_complete": is_complete}


@cache
def open_watch() -> Watch:
    """Return where to look and to write, as the environment says."""
    s3 = connect("s3")
    return Watch(
        Log(connect("logs"), os.environ["LOG_GROUP"]),
        Folder(s3, os.environ["MODEL_BUCKET"]),
        Folder(s3, os.environ["BULK_BUCKET"]),
        os.environ["MODEL_KEY"],
    )


@cache
def connect(service: Literal["logs", "s3", "sns"]) -> Any:
    """Return boto3's client of a service."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") if service == "s3" else None
    return boto3.client(service, endpoint_url=endpoint or None)
