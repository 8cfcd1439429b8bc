"""JSON documents in a bucket, and lines of a log: what the monitor reads and writes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

GONE = {"NoSuchKey", "404"}

Event = tuple[int, str]  # milliseconds since 1970, and a line


@dataclass(frozen=True)
class Folder:
    """A bucket, and boto3's client of S3."""

    client: Any
    bucket: str


@dataclass(frozen=True)
class Log:
    """A log group, and boto3's client of CloudWatch Logs."""

    client: Any
    group: str


def read_document(folder: Folder, key: str) -> Any:
    """Return an object's JSON; None where there is no such object."""
    try:
        answer = folder.client.get_object(Bucket=folder.bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return None
        raise
    return json.loads(answer["Body"].read())


def write_document(folder: Folder, key: str, document: object) -> None:
    """Write JSON as an object."""
    body = json.dumps(document, separators=(",", ":")).encode()
    folder.client.put_object(
        Bucket=folder.bucket, Key=key, Body=body, ContentType="application/json"
    )


def read_written(folder: Folder, prefix: str, start_s: float, end_s: float) -> Iterator[Any]:
    """Yield the documents below a prefix that were written in a span of seconds since 1970."""
    pages = folder.client.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=folder.bucket, Prefix=prefix):
        for entry in page.get("Contents", ()):
            if start_s <= entry["LastModified"].timestamp() < end_s:
                yield read_document(folder, entry["Key"])


def read_pages(log: Log, word: str, start_ms: int, end_ms: int) -> Iterator[list[Event]]:
    """Yield a log's events of a span that have a word, by time; many pages may be empty."""
    asked = {"startTime": start_ms, "endTime": end_ms - 1, "filterPattern": f'"{word}"'}
    while True:
        page = log.client.filter_log_events(logGroupName=log.group, **asked)
        yield [(event["timestamp"], event["message"]) for event in page["events"]]
        if not page.get("nextToken"):
            return
        asked["nextToken"] = page["nextToken"]
