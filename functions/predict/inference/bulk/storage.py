"""The S3 bucket of bulk runs: streams of bytes in, pieces of any size out.

in/…                      tables, put there by whoever wants them scored
work/<run>/…              what a run's functions tell each other; gone when the run has ended
out/<run>/scores.csv      the answer, with summary.json beside it
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from inference.bulk.errors import ChangedError

INPUT, WORK, OUTPUT = "in/", "work/", "out/"
BLOCK_BYTES = 1 << 20
DELETED_AT_ONCE = 1_000  # S3's quotas, November 2026
GONE = ("404", "NoSuchKey", "NoSuchVersion")
CHANGED = (*GONE, "412", "PreconditionFailed")


@dataclass(frozen=True)
class Bucket:
    """An S3 bucket and the client to ask."""

    client: Any
    name: str


def read_range(bucket: Bucket, key: str, etag: str, start: int, end: int) -> Iterator[bytes]:
    """Yield an object's bytes from start to just before end, in blocks.

    Raises:
        ChangedError: the object isn't the one with this ETag any more.
    """
    if start == end:
        return
    with closing(_get(bucket, Key=key, IfMatch=etag, Range=f"bytes={start}-{end - 1}")) as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block


def read_gzip(bucket: Bucket, key: str, etag: str) -> Iterator[bytes]:
    """Yield what a gzipped object holds, in blocks.

    Raises:
        ChangedError: the object isn't the one with this ETag any more.
    """
    with closing(_get(bucket, Key=key, IfMatch=etag)) as stream, gzip.open(stream) as unpacked:
        while block := unpacked.read(BLOCK_BYTES):
            yield block


def read_object(bucket: Bucket, key: str, **more: str) -> bytes:
    """Return an object whole.

    Args:
        bucket: where it lies.
        key: of the object.
        more: further parameters of GetObject, such as VersionId.

    Raises:
        ChangedError: there is no such object.
    """
    with closing(_get(bucket, Key=key, **more)) as stream:
        return stream.read()


def read_json(bucket: Bucket, key: str) -> Any:
    """Return the document in an object.

    Raises:
        ChangedError: there is no such object.
    """
    return json.loads(read_object(bucket, key))


def write_json(bucket: Bucket, key: str, document: object) -> None:
    """Write a document as an object."""
    body = json.dumps(document, separators=(",", ":")).encode()
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body, ContentType="application/json")


def find_object(bucket: Bucket, key: str) -> dict | None:
    """Return what S3 says of an object without reading it; None where there is none."""
    try:
        return bucket.client.head_object(Bucket=bucket.name, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in GONE:
            return None
        raise


def list_objects(bucket: Bucket, prefix: str) -> list[dict]:
    """Return what S3 says of each object below a prefix, by key."""
    pages = bucket.client.get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=bucket.name, Prefix=prefix)
    return [entry for page in found for entry in page.get("Contents", ())]


def delete_objects(bucket: Bucket, prefix: str) -> None:
    """Delete all objects below a prefix."""
    keys = [{"Key": entry["Key"]} for entry in list_objects(bucket, prefix)]
    for start in range(0, len(keys), DELETED_AT_ONCE):
        chosen = {"Objects": keys[start : start + DELETED_AT_ONCE], "Quiet": True}
        bucket.client.delete_objects(Bucket=bucket.name, Delete=chosen)


def _get(bucket: Bucket, **asked: str) -> Any:
    try:
        return bucket.client.get_object(Bucket=bucket.name, **asked)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in CHANGED:
            raise ChangedError(f"{asked['Key']}: was changed or deleted during the run") from error
        raise
