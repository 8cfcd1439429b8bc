import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    TokenRetrievalError,
)
from fake_s3 import REGION, FakeS3, make_answer, refuse

from model.errors import RegistryError
from model.registry.bucket import (
    Bucket,
    is_on_aws,
    list_objects,
    open_bucket,
    read_object,
    replace,
    write_new,
)


@pytest.fixture
def models(bucket):
    return Bucket(bucket.client, "models")


def test_object_that_is_not_there_is_none(models):
    assert read_object(models, "models/x.json") is None


def test_object_is_read_whole(models, bucket):
    assert write_new(models, "models/x.json", b"{}", "application/json")

    stored = read_object(models, "models/x.json")

    head = bucket.head("models/x.json")
    assert (stored.body, stored.etag, stored.modified) == (
        b"{}",
        head["ETag"],
        head["LastModified"],
    )


def test_object_is_written_where_none_is_only(models, bucket):
    assert write_new(models, "models/x.json", b"1", "application/json")
    assert not write_new(models, "models/x.json", b"2", "application/json")

    assert dict(bucket) == {"models/x.json": b"1"}


def test_object_is_replaced_only_as_it_was_read(models, bucket):
    bucket["models/x.json"] = b"1"
    seen = read_object(models, "models/x.json").etag

    assert replace(models, "models/x.json", b"2", "application/json", seen)
    assert not replace(models, "models/x.json", b"3", "application/json", seen)

    assert dict(bucket) == {"models/x.json": b"2"}


def test_empty_folder_lists_nothing(models):
    assert list_objects(models, "models/versions/") == []


def test_folder_lists_what_is_below_it_over_all_pages(models, bucket):
    bucket.client.put_object(Bucket="models", Key="other.json", Body=b"")
    for number in range(1001):  # a page has 1,000
        bucket.client.put_object(Bucket="models", Key=f"models/{number:04}.json", Body=b"{}")

    listed = list_objects(models, "models/")

    assert [item.key for item in listed] == [f"models/{number:04}.json" for number in range(1001)]
    assert {item.size_bytes for item in listed} == {2}


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ("NoSuchBucket", "doesn't exist; deploy the stack, or correct MODEL_BUCKET"),
        ("AccessDenied", "these AWS credentials may not read models/x.json"),
        ("403", "these AWS credentials may not read models/x.json"),
        ("ExpiredToken", "AWS refused the credentials (ExpiredToken); sign in again"),
        ("SignatureDoesNotMatch", "AWS refused the credentials (SignatureDoesNotMatch); sign in"),
        ("PermanentRedirect", "lies in another region; set AWS_DEFAULT_REGION to it"),
        ("SlowDown", "S3 answered SlowDown to: read models/x.json"),
        (NoCredentialsError(), "no AWS credentials found; sign in, or set AWS_PROFILE"),
        (TokenRetrievalError(provider="sso", error_msg=""), "no AWS credentials found"),
        (
            EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
            "S3 can't be reached (EndpointConnectionError) to: read models/x.json",
        ),
        (
            ConnectTimeoutError(endpoint_url="http://127.0.0.1:1"),
            "S3 can't be reached (ConnectTimeoutError) to: read models/x.json",
        ),
        (ParamValidationError(report="Invalid bucket name"), "Parameter validation failed"),
    ],
    ids=str,
)
def test_failure_is_one_plain_line(models, bucket, failure, message):
    bucket.failure = failure

    with pytest.raises(RegistryError) as raised:
        read_object(models, "models/x.json")

    assert str(raised.value).startswith(f"bucket models: {message}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://s3.us-east-2.amazonaws.com", True),
        ("https://bucket.vpce-1.s3.us-east-2.vpce.amazonaws.com:443/x", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("http://127.0.0.1:5000", False),
        ("https://amazonaws.com.example.org", False),
    ],
)
def test_aws_is_told_from_a_local_s3(boto3_session, url, expected):
    bucket = Bucket(boto3_session.client("s3", endpoint_url=url), "models")

    assert is_on_aws(bucket) is expected


def test_opening_honours_the_endpoint_variable(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")

    assert open_bucket("models").client.meta.endpoint_url == "http://127.0.0.1:1"


CONFLICT = refuse(409, "ConditionalRequestConflict")


@pytest.fixture
def meeting(monkeypatch):
    """An S3 over a connection, which says what it is told to, and a bucket of its own."""
    server = FakeS3()
    monkeypatch.setattr("model.registry.bucket.FIRST_PAUSE_S", 0.001)
    for name, value in {**server.environment, "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    bucket = open_bucket("models")
    yield server, bucket
    bucket.client.close()
    server.stop()


def test_writes_that_meet_on_a_key_are_tried_again(meeting):
    server, bucket = meeting
    server.answers = [CONFLICT, CONFLICT, make_answer(200)]

    assert write_new(bucket, "models/x.json", b"{}", "application/json")
    assert len(server.requests) == 3


def test_writes_that_keep_meeting_end_in_an_error(meeting):
    server, bucket = meeting
    server.otherwise = CONFLICT

    with pytest.raises(RegistryError, match="S3 answered ConditionalRequestConflict to: write mod"):
        write_new(bucket, "models/x.json", b"{}", "application/json")
    assert len(server.requests) == 5


def test_unknown_profile_is_one_plain_line(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(RegistryError, match="bucket models: The config profile"):
        open_bucket("models")
