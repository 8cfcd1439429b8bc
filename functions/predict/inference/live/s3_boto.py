"""The same conditional GET by boto3, with its whole chain of credentials and configuration.

Imported only where the environment alone doesn't say enough; `s3.py` decides and tries again.
"""

from collections.abc import Callable
from contextlib import closing
from threading import Lock
from time import monotonic
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSLError,
    SSOError,
)

from inference.errors import StorageError
from inference.live.s3_answer import MAX_BODY_BYTES, S3Object, refusal, refuse_oversize

_CHUNK_BYTES = 1024  # little, so that the deadline is looked at often
_NOT_MODIFIED = 304
_PASSING = (
    HTTPClientError,
    IncompleteReadError,
    CredentialRetrievalError,
    MetadataRetrievalError,
)
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, SSOError)


def make_attempt(
    region: str, endpoint: str, bucket: str, key: str
) -> Callable[[str | None, float, float], S3Object]:
    """Return `attempt(etag, first_byte_by, deadline)`, one GET without retries.

    The deadline is looked at between reads; `store.py` gives up on one that drips.

    Args:
        region: or empty, for boto3 to find.
        endpoint: address to use instead of AWS's own, or empty.
        bucket: name, alias or ARN.
        key: of the object.
    """
    client: Any = None
    lock = Lock()

    def attempt(etag: str | None, first_byte_by: float, deadline: float) -> S3Object:
        nonlocal client
        try:
            with lock:  # making a client is not safe across threads, using one is
                if client is None:
                    client = _make_client(region, endpoint, first_byte_by - monotonic())
            return _get(client, bucket, key, etag, deadline)
        except (BotoCoreError, ValueError) as error:
            raise _translate(error) from error

    return attempt


def _make_client(region: str, endpoint: str, timeout_s: float) -> Any:
    config = Config(
        connect_timeout=timeout_s,
        read_timeout=timeout_s,
        retries={"total_max_attempts": 1},
        response_checksum_validation="when_required",  # the model carries its own digest
    )
    session = boto3.session.Session(region_name=region or None)
    return session.client("s3", endpoint_url=endpoint or None, config=config)


def _get(client: Any, bucket: str, key: str, etag: str | None, deadline: float) -> S3Object:
    condition = {"IfNoneMatch": etag} if etag else {}
    try:
        answer = client.get_object(Bucket=bucket, Key=key, **condition)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == _NOT_MODIFIED and etag:
            return S3Object(None, etag, None)
        raise refusal(status, error.response["Error"].get("Code", "")) from error
    with closing(answer["Body"]) as stream:  # its own `with` skips the check of the length
        body = _read(stream, deadline)
    return S3Object(body, answer.get("ETag") or None, answer["LastModified"].timestamp())


def _read(stream: Any, deadline: float) -> bytes:
    body = bytearray()
    while chunk := stream.read(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise refuse_oversize()
        if monotonic() > deadline:
            raise StorageError("no answer from S3: timed out", "unavailable")
    return bytes(body)


def _translate(error: Exception) -> StorageError:
    """Return the error in our words: boto3's may name bucket, profile or address."""
    if isinstance(error, SSLError):
        return StorageError("TLS: handshake refused", "misconfigured")
    if isinstance(error, _PASSING):
        return StorageError("no answer from S3: broken off or timed out", "unavailable")
    if isinstance(error, _NO_CREDENTIALS):
        return StorageError("no AWS credentials found", "forbidden")
    return StorageError("boto3 can't ask S3: check profile, region and endpoint", "misconfigured")
