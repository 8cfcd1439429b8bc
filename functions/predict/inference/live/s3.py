"""One conditional GET of one object: signed here where the environment says all, else by boto3.

In Lambda the environment carries credentials and region, and a few files of standard-library
Python ask S3 at a tenth of what loading boto3 costs. Profiles, SSO, container credentials
(SnapStart), proxies and the like are boto3's to work out; see `s3_address.needs_boto3`.
"""

from collections.abc import Callable, Mapping
from os import urandom
from time import gmtime, monotonic, sleep, strftime

from inference.errors import StorageError
from inference.live.s3_address import get_endpoint, get_region, locate, needs_boto3
from inference.live.s3_answer import S3Object, to_object
from inference.live.sigv4 import sign_get

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.live.http_get import OpenStream

PAUSES_S = (0.05, 0.1)  # at most, between attempts; each is multiplied by a random share

_ELSEWHERE = frozenset({301, 307, 400})  # how S3 says that a bucket is in another region
# What a Python says that has moved or changed a private name of its own.
_MOVED = (ImportError, AttributeError, TypeError)
_REGION_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

Fetch = Callable[[str | None, float], S3Object]  # ETag that we have, seconds -> object
Attempt = Callable[[str | None, float, float], S3Object]  # ETag, first byte by, whole by


def make_fetcher(
    environment: Mapping[str, str],
    bucket: str,
    key: str,
    on_detour: Callable[[Exception], None] = lambda _error: None,
) -> Fetch:
    """Return `fetch(etag, deadline_s)`, which asks S3 for the object unless it is still `etag`.

    Args:
        environment: variables as AWS names them; decides between the two ways of asking.
        bucket: name, access point alias or ARN.
        key: of the object.
        on_detour: called with what is wrong if the short way turns out to be closed, because
            this Python lacks what it is built on; boto3 is taken from then on.

    Returns:
        A function that gives an `S3Object`, or raises StorageError. It tries again what may
        pass, never beyond its deadline. Any thread may call it.
    """
    if not bucket:
        return _refuse_without_bucket
    if needs_boto3(environment, bucket):
        return _retrying(_make_long_way(environment, bucket, key))
    return _retrying(_make_attempt(environment, bucket, key, on_detour))


def _refuse_without_bucket(_etag: str | None, _deadline_s: float) -> S3Object:
    raise StorageError("MODEL_BUCKET is not set", "misconfigured")


def _retrying(attempt: Attempt) -> Fetch:
    def fetch(etag: str | None, deadline_s: float) -> S3Object:
        deadline = monotonic() + deadline_s
        for pause_s in PAUSES_S:
            now = monotonic()
            try:
                # Half the time for an answer to begin: who hangs is asked again.
                return attempt(etag, now + (deadline - now) / 2, deadline)
            except StorageError as error:
                wait_s = pause_s * urandom(1)[0] / 255
                if not error.is_retryable or monotonic() + wait_s >= deadline:
                    raise
            sleep(wait_s)
        return attempt(etag, deadline, deadline)

    return fetch


def _make_attempt(
    environment: Mapping[str, str],
    bucket: str,
    key: str,
    on_detour: Callable[[Exception], None],
) -> Attempt:
    way: Attempt | None = None

    def attempt(etag: str | None, first_byte_by: float, deadline: float) -> S3Object:
        nonlocal way
        try:
            way = way or _make_short_way(environment, bucket, key)
            return way(etag, first_byte_by, deadline)
        except _MOVED as error:
            on_detour(error)
            way = _make_long_way(environment, bucket, key)
        return way(etag, first_byte_by, deadline)

    return attempt


def _make_long_way(environment: Mapping[str, str], bucket: str, key: str) -> Attempt:
    from inference.live.s3_boto import make_attempt  # boto3 takes 200 ms to load

    return make_attempt(get_region(environment), get_endpoint(environment), bucket, key)


def _make_short_way(environment: Mapping[str, str], bucket: str, key: str) -> Attempt:
    from inference.live.http_get import http_get, open_plain  # on private parts of Python

    credentials = (
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment.get("AWS_SESSION_TOKEN") or "",
    )
    ca_file = environment.get("AWS_CA_BUNDLE") or environment.get("SSL_CERT_FILE")
    region = get_region(environment)
    open_stream: OpenStream | None = None

    def ask(
        etag: str | None, first_byte_by: float, deadline: float
    ) -> tuple[int, dict[str, str], bytes]:
        nonlocal open_stream
        address = locate(environment, bucket, key, region)
        if open_stream is None:
            open_stream = _trusting(ca_file) if address.is_tls else open_plain
        headers = {"host": address.host_header, **({"if-none-match": etag} if etag else {})}
        timestamp = strftime("%Y%m%dT%H%M%SZ", gmtime())
        signed = sign_get(address.path, headers, region, credentials, timestamp)
        return http_get(address, signed, open_stream, first_byte_by, deadline)

    def attempt(etag: str | None, first_byte_by: float, deadline: float) -> S3Object:
        nonlocal region
        try:
            status, headers, body = ask(etag, first_byte_by, deadline)
            named = headers.get("x-amz-bucket-region", region)
            if status in _ELSEWHERE and named != region and _is_region(named):
                region = named
                status, headers, body = ask(etag, first_byte_by, deadline)
        except OSError as error:
            raise StorageError(f"no answer from S3: {error}", "unavailable") from error
        return to_object(status, headers, body, etag)

    return attempt


def _trusting(ca_file: str | None) -> "OpenStream":
    from inference.live.tls import Trust  # OpenSSL, which plain HTTP does without

    try:
        return Trust(ca_file).open_stream
    except OSError as error:
        text = "TLS: no certificates in the file that AWS_CA_BUNDLE or SSL_CERT_FILE names"
        raise StorageError(text, "misconfigured") from error


def _is_region(name: str) -> bool:
    return bool(name) and _REGION_CHARACTERS.issuperset(name)
