import ipaddress
import os
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509

from inference.errors import StorageError
from inference.live import tls
from inference.live.http_get import http_get
from inference.live.s3_address import Address

LOCALHOST = x509.DNSName("localhost")
LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nmodel"
# Amazon's roots share the first bytes of their serial numbers; these have them as well.
AMAZON_LIKE_SERIAL = int.from_bytes(bytes.fromhex("066c9fcf99bf8c0a39e2f0788a43e696365bca"))


@pytest.fixture(scope="module")
def amazon(make_authority):
    return make_authority(AMAZON_LIKE_SERIAL)


@pytest.fixture(scope="module")
def other(make_authority):
    return make_authority(2**140 + 5)


@pytest.fixture
def bundle(tmp_path, amazon, other):
    path = tmp_path / "bundle.pem"
    path.write_bytes(b"# Other\n" + other.pem + "# Főtan\n".encode() + amazon.pem)
    return str(path)


@pytest.fixture
def authorities(amazon, bundle):
    return amazon, bundle


def get(trust, server, host="localhost", seconds=5.0):
    address = Address("https", f"{host}:{server.port}", "/")
    until = time.monotonic() + seconds
    return http_get(address, {"host": host}, trust.open_stream, until, until)


def test_amazons_roots_are_taken_from_the_bundle_alone(make_fake_s3, amazon, bundle):
    server = make_fake_s3(amazon.make_server_context(LOCALHOST, LOOPBACK))
    server.answers = [ANSWER, ANSWER]
    trust = tls.Trust(bundle)

    Path(bundle).unlink()  # so that reading all of it would fail

    assert get(trust, server)[2] == b"model"
    assert get(trust, server, "127.0.0.1")[2] == b"model"


def test_a_certificate_before_amazons_is_not_taken_with_them(make_fake_s3, amazon, other, bundle):
    server = make_fake_s3(other.make_server_context(LOCALHOST))
    server.answers = [ANSWER]
    trust = tls.Trust(bundle)

    Path(bundle).write_bytes(amazon.pem)  # which is then all that there is besides

    with pytest.raises(StorageError):
        get(trust, server)


def test_while_one_thread_reads_the_whole_bundle_no_other_is_refused(
    make_fake_s3, amazon, other, tmp_path
):
    server = make_fake_s3(other.make_server_context(LOCALHOST))
    server.answers = [ANSWER, ANSWER]
    pipe = str(tmp_path / "bundle.pem")
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as threads:
        making = threads.submit(tls.Trust, pipe)
        Path(pipe).write_bytes(amazon.pem)  # what it finds roots in
        first = threads.submit(get, making.result(5), server)
        with Path(pipe).open("wb") as bundle:  # which the first thread has begun to read
            second = threads.submit(get, making.result(), server)
            assert server.refused.acquire(timeout=5)
            assert server.refused.acquire(timeout=5)
            bundle.write(amazon.pem + other.pem)

        assert [first.result(5)[2], second.result(5)[2]] == [b"model"] * 2


def test_whom_amazon_does_not_vouch_for_the_whole_bundle_may(make_fake_s3, other, bundle):
    server = make_fake_s3(other.make_server_context(LOCALHOST))
    server.answers = [ANSWER, ANSWER]
    trust = tls.Trust(bundle)

    assert get(trust, server)[2] == b"model"
    assert get(trust, server)[2] == b"model"


def test_a_bundle_of_one_is_trusted(tmp_path, make_fake_s3, other):
    server = make_fake_s3(other.make_server_context(LOCALHOST))
    server.answers = [ANSWER]
    (tmp_path / "own.pem").write_bytes(other.pem)

    assert get(tls.Trust(str(tmp_path / "own.pem")), server)[2] == b"model"


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [(LOCALHOST, -1, 10), (x509.DNSName("elsewhere.example"), 1, 62)],
    ids=["expired", "another host"],
)
def test_a_bad_certificate_is_refused(make_fake_s3, authorities, name, days, code):
    amazon, bundle = authorities
    server = make_fake_s3(amazon.make_server_context(name, days=days))

    with pytest.raises(StorageError) as caught:
        get(tls.Trust(bundle), server)

    assert str(caught.value) == f"TLS: certificate refused (X.509 error {code})"
    assert caught.value.reason == "misconfigured"
    assert server.requests == []


def test_an_unknown_authority_is_refused(make_fake_s3, other):
    server = make_fake_s3(other.make_server_context(LOCALHOST))

    with pytest.raises(StorageError) as caught:
        get(tls.Trust(None), server)

    assert caught.value.reason == "misconfigured"
    assert server.requests == []


def test_a_server_without_tls_is_an_os_error(fake_s3, bundle):
    fake_s3.answers = [ANSWER]

    with pytest.raises(OSError, match="SSL"):
        get(tls.Trust(bundle), fake_s3)


def test_a_handshake_that_hangs_ends_in_time(fake_s3, bundle):
    fake_s3.answers = [fake_s3.hang]

    with pytest.raises(TimeoutError):
        get(tls.Trust(bundle), fake_s3, seconds=0.05)


def test_a_bundle_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        tls.Trust(str(tmp_path / "absent.pem"))


def test_tls_before_1_2_is_refused(make_fake_s3, amazon, bundle):
    context = amazon.make_server_context(LOCALHOST)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises(OSError, match="SSL"):
        get(tls.Trust(bundle), make_fake_s3(context))
