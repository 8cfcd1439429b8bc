"""The S3 bucket that holds the registry: whole reads, conditional writes, errors in one plain line.

S3 is reached as boto3 reaches it: credentials and AWS_ENDPOINT_URL_S3 from the usual chain.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from model.aws_session import open_session
from model.errors import RegistryError

MAX_ATTEMPTS = 5  # per request: time-outs, 5xx, and writes that met on a key
FIRST_PAUSE_S = 0.05  # doubled each time, with jitter
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 30

T = TypeVar("T")


@dataclass(frozen=True)
class Bucket:
    """An S3 bucket and the client to ask."""

    client: Any
    name: str


@dataclass(frozen=True)
class StoredObject:
    """An object as it was read; `etag` changes with its content."""

    body: bytes
    etag: str
    modified: datetime


@dataclass(frozen=True)
class Listing:
    """What a listing says about an object."""

    key: str
    size_bytes: int
    modified: datetime


def open_bucket(name: str) -> Bucket:
    """Return the bucket of that name; nothing is asked of it yet.

    Raises:
        RegistryError: boto3's configuration can't be used.
    """
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
    )
    client = _ask(name, "set up", lambda: open_session().client("s3", config=config))
    client.meta.events.register("needs-retry.s3.PutObject", _wait_out_conflict)
    return Bucket(client, name)


def read_object(bucket: Bucket, key: str) -> StoredObject | None:
    """Return an object whole, or None where there is none."""

    def get() -> StoredObject:
        answer = bucket.client.get_object(Bucket=bucket.name, Key=key)
        return StoredObject(answer["Body"].read(), answer["ETag"], answer["LastModified"])

    return _unless(("NoSuchKey", "404"), lambda: _ask(bucket.name, f"read {key}", get))


def write_new(bucket: Bucket, key: str, body: bytes, content_type: str) -> bool:
    """Write an object where none is; return False, and write nothing, where one is."""
    return _write(bucket, key, body, content_type, {"IfNoneMatch": "*"})


def replace(bucket: Bucket, key: str, body: bytes, content_type: str, etag: str) -> bool:
    """Replace the object that has this etag; return False, and write nothing, if it has changed."""
    return _write(bucket, key, body, content_type, {"IfMatch": etag})


def overwrite(bucket: Bucket, key: str, body: bytes, content_type: str) -> None:
    """Write an object, whatever is there."""
    _write(bucket, key, body, content_type, {})


def list_objects(bucket: Bucket, prefix: str) -> list[Listing]:
    """Return all objects below a prefix, by key."""

    def walk() -> list[Listing]:
        pages = bucket.client.get_paginator("list_objects_v2")
        return [
            Listing(item["Key"], item["Size"], item["LastModified"])
            for page in pages.paginate(Bucket=bucket.name, Prefix=prefix)
            for item in page.get("Contents", [])
        ]

    return _ask(bucket.name, f"list {prefix}", walk)


def delete_object(bucket: Bucket, key: str) -> None:
    """Delete an object; a versioned bucket keeps it for as long as its lifecycle rule says."""
    _ask(
        bucket.name,
        f"delete {key}",
        lambda: bucket.client.delete_object(Bucket=bucket.name, Key=key),
    )


def is_on_aws(bucket: Bucket) -> bool:
    """Return whether the bucket is AWS's, not a local S3's."""
    host = bucket.client.meta.endpoint_url.partition("://")[2].split("/")[0].split(":")[0]
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"))


class _RefusedError(RegistryError):
    """S3 answered with an error code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def _write(bucket: Bucket, key: str, body: bytes, content_type: str, condition: dict) -> bool:
    def put() -> bool:
        bucket.client.put_object(
            Bucket=bucket.name, Key=key, Body=body, ContentType=content_type, **condition
        )
        return True

    # A 404 answers If-Match when the object is gone: changed as well.
    changed = ("PreconditionFailed", "412", "NoSuchKey")
    return bool(_unless(changed, lambda: _ask(bucket.name, f"write {key}", put)))


def _wait_out_conflict(response: Any, attempts: int, **_: object) -> float | None:
    """Return how long to pause when two conditional writes met on a key (HTTP 409), else None."""
    if response is None or attempts >= MAX_ATTEMPTS:
        return None
    if response[1].get("Error", {}).get("Code") != "ConditionalRequestConflict":
        return None
    jitter = random.random()  # noqa: S311  spreads load; may be guessed  # nosec B311
    return FIRST_PAUSE_S * 2**attempts * jitter


def _unless(codes: tuple[str, ...], ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except _RefusedError as error:
        if error.code not in codes:
            raise
        return None


def _ask(bucket: str, doing: str, ask: Callable[[], T]) -> T:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return ask()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        raise _RefusedError(_explain_code(code, bucket, doing), code) from error
    except BotoCoreError as error:
        raise RegistryError(_explain_failure(error, bucket, doing)) from error


_ABOUT_CREDENTIALS = (
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
)
_ABOUT_REGION = ("301", "AuthorizationHeaderMalformed", "PermanentRedirect")


def _explain_code(code: str, bucket: str, doing: str) -> str:
    if code == "NoSuchBucket":
        return f"bucket {bucket}: doesn't exist; deploy the stack, or correct MODEL_BUCKET"
    if code in ("AccessDenied", "403"):
        return f"bucket {bucket}: these AWS credentials may not {doing}"
    if code in _ABOUT_CREDENTIALS:
        return f"bucket {bucket}: AWS refused the credentials ({code}); sign in again"
    if code in _ABOUT_REGION:
        return f"bucket {bucket}: lies in another region; set AWS_DEFAULT_REGION to it"
    return f"bucket {bucket}: S3 answered {code} to: {doing}"


def _explain_failure(error: Exception, bucket: str, doing: str) -> str:
    kind = type(error).__name__
    if "Credential" in kind or "Token" in kind:
        return f"bucket {bucket}: no AWS credentials found; sign in, or set AWS_PROFILE"
    if "Connect" in kind or "Timeout" in kind:
        return f"bucket {bucket}: S3 can't be reached ({kind}) to: {doing}"
    first_line = str(error).splitlines()[0]
    return f"bucket {bucket}: {first_line}"
