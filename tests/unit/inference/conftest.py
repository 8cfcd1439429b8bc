"""Fake S3s, with certificates and without."""

import ssl
from collections.abc import Callable, Iterator

import pytest
from certificates import Authority
from fake_s3 import FakeS3


@pytest.fixture
def fake_s3() -> Iterator[FakeS3]:
    server = FakeS3()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def make_fake_s3() -> Iterator[Callable[..., FakeS3]]:
    servers = []

    def make(context: ssl.SSLContext | None = None) -> FakeS3:
        servers.append(FakeS3(context))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def make_authority(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Authority]:
    return lambda serial: Authority(tmp_path_factory.mktemp("authority"), serial)
