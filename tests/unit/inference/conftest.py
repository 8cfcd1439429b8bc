"""Fake S3s, with certificates and without; the small model with a reference."""

import ssl
from collections.abc import Callable, Iterator

import pytest
from certificates import Authority
from fake_s3 import FakeS3

# What training customers of the small model were like.
REFERENCE = {
    "customers": 200,
    "features": [
        {"edges": [12.0, 40.0, 72.0], "counts": [0, 80, 60, 60, 0, 0]},
        {"edges": [50.0, 80.0, 118.75], "counts": [0, 70, 60, 60, 0, 10]},
        {"counts": [120, 80, 0, 0]},
        {"counts": [90, 100, 0, 10]},
    ],
    "scores": {"edges": [0.25, 0.5, 0.75], "counts": [80, 60, 40, 20], "leavers": [8, 20, 26, 17]},
}


@pytest.fixture
def counted_document(document: dict) -> dict:
    """Return the content of the small model's file with a reference."""
    return document | {"reference": REFERENCE}


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
