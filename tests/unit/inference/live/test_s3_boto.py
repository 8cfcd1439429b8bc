"""What only boto3's way can meet; what both ways share is in test_s3.py."""

import time

import pytest

from inference.errors import StorageError
from inference.live.s3 import make_fetcher

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n"
    b"Last-Modified: Thu, 01 Jan 1970 00:01:40 GMT\r\n\r\n"
)


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """A process without credentials, profiles or proxies."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("NO_PROXY", "*")
    return monkeypatch


@pytest.fixture
def with_credentials(environment):
    environment.setenv("AWS_ACCESS_KEY_ID", "id")
    environment.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def fetch_error(endpoint, deadline_s=1.0):
    variables = {"AWS_REGION": "us-east-2", "AWS_ENDPOINT_URL_S3": endpoint}
    with pytest.raises(StorageError) as caught:
        make_fetcher(variables, "churn-models", "models/live.json")(None, deadline_s)
    return str(caught.value), caught.value.reason


def test_no_credentials_anywhere_is_said(fake_s3):
    assert fetch_error(f"http://127.0.0.1:{fake_s3.port}") == (
        "no AWS credentials found",
        "forbidden",
    )
    assert fake_s3.requests == []


def test_a_profile_that_is_not_there_is_misconfigured(environment):
    environment.setenv("AWS_PROFILE", "nobody")

    assert fetch_error("") == (
        "boto3 can't ask S3: check profile, region and endpoint",
        "misconfigured",
    )


@pytest.mark.usefixtures("with_credentials")
def test_an_endpoint_that_is_no_address_is_misconfigured():
    assert fetch_error("ftp//nowhere") == (
        "boto3 can't ask S3: check profile, region and endpoint",
        "misconfigured",
    )


@pytest.mark.usefixtures("with_credentials")
def test_a_server_without_tls_is_misconfigured(fake_s3):
    fake_s3.answers = [b"HTTP/1.1 400 x\r\n\r\n"]

    assert fetch_error(f"https://127.0.0.1:{fake_s3.port}/%") == (
        "TLS: handshake refused",
        "misconfigured",
    )


@pytest.mark.usefixtures("with_credentials")
def test_a_slow_body_ends_at_the_deadline(fake_s3):
    def send_slowly(connection, _answer):
        connection.sendall(HEAD)
        for _ in range(4):
            time.sleep(0.1)
            connection.sendall(b" " * 1024)

    fake_s3.answers = [send_slowly] * 3

    assert fetch_error(f"http://127.0.0.1:{fake_s3.port}", 0.25) == (
        "no answer from S3: timed out",
        "unavailable",
    )
