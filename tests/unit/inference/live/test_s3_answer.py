from email.utils import formatdate

import pytest

from inference.errors import StorageError
from inference.live.s3_answer import parse_date, to_object

ERROR_DOCUMENT = b"<?xml version='1.0'?><Error><Code>%s</Code><BucketName>b</BucketName></Error>"


def test_an_object_comes_with_etag_and_date():
    headers = {"etag": '"e"', "last-modified": "Thu, 01 Jan 1970 00:01:40 GMT"}

    found = to_object(200, headers, b"{}", None)

    assert (found.body, found.etag, found.modified) == (b"{}", '"e"', 100.0)


def test_an_object_may_come_without_etag_and_date():
    found = to_object(200, {}, b"{}", None)

    assert (found.body, found.etag, found.modified) == (b"{}", None, None)


def test_not_modified_has_no_body():
    found = to_object(304, {}, b"", '"e"')

    assert (found.body, found.etag, found.modified) == (None, '"e"', None)


@pytest.mark.parametrize(
    ("status", "code", "reason", "message"),
    [
        (404, "NoSuchKey", "missing", "S3 answered 404 NoSuchKey: nothing is published there yet"),
        (404, "NoSuchBucket", "misconfigured", "S3 answered 404 NoSuchBucket: check MODEL_BUCKET"),
        (403, "AccessDenied", "forbidden", "S3 answered 403 AccessDenied: the role may not read"),
        (400, "ExpiredToken", "forbidden", "S3 answered 400 ExpiredToken: the role may not read"),
        (400, "RequestTimeout", "unavailable", "S3 answered 400 RequestTimeout"),
        (307, "TemporaryRedirect", "unavailable", "S3 answered 307 TemporaryRedirect"),
        (301, "PermanentRedirect", "misconfigured", "S3 answered 301 PermanentRedirect: check"),
        (304, "", "misconfigured", "S3 answered 304: check MODEL_BUCKET, region and endpoint"),
        (206, "", "misconfigured", "S3 answered 206: check MODEL_BUCKET, region and endpoint"),
        (429, "", "unavailable", "S3 answered 429"),
        (500, "InternalError", "unavailable", "S3 answered 500 InternalError"),
        (503, "SlowDown", "unavailable", "S3 answered 503 SlowDown"),
        (403, "a/b <script>", "forbidden", "S3 answered 403: the role may not read the model"),
    ],
)
def test_an_error_says_what_to_do(status, code, reason, message):
    with pytest.raises(StorageError) as caught:
        to_object(status, {}, ERROR_DOCUMENT % code.encode(), None)

    assert str(caught.value).startswith(message)
    assert (caught.value.reason, caught.value.is_retryable) == (reason, reason == "unavailable")


@pytest.mark.parametrize(
    "seconds", [0, 951782399, 951782400, 1709210096, 1798761599, 4102444800, 4107542400]
)
def test_dates_are_read_as_the_email_module_writes_them(seconds):
    assert parse_date(formatdate(seconds, usegmt=True)) == seconds


@pytest.mark.parametrize(
    "text", ["", "yesterday", "Thu, 01 Foo 1970 00:00:00 GMT", "Thu, 01 Jan 1970 0:0 GMT"]
)
def test_other_dates_are_left_out(text):
    assert parse_date(text) is None
