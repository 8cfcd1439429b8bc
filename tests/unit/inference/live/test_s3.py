import _ssl
import sys
import time
from contextlib import suppress

import pytest
from cryptography import x509
from fake_s3 import CREDENTIALS, make_answer, refuse

from inference.errors import StorageError
from inference.live.s3 import make_fetcher

BUCKET, KEY = "churn-models", "models/live.json"
DATE = "Last-Modified: Thu, 01 Jan 1970 00:01:40 GMT\r\n"
ANSWER = make_answer(200, f'ETag: "2"\r\n{DATE}', b"model")
NOT_MODIFIED = make_answer(304)


@pytest.fixture(scope="module", params=["signed here", "boto3"])
def way(request, make_fake_s3):
    """A fake and one of the two ways to ask it; making a boto3 client takes too long for each test.

    boto3 finds its credentials in the process's environment, which the fetcher isn't shown.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**CREDENTIALS, "AWS_SESSION_TOKEN": "token", "NO_PROXY": "*"}.items():
            patch.setenv(name, value)
        server = make_fake_s3()
        fetch = make_fetcher(describe(server, has_all=request.param == "signed here"), BUCKET, KEY)
        server.answers = [ANSWER]
        with suppress(StorageError):  # boto3 may take longer to load
            fetch(None, 0.6)  # it keeps the time-outs of the first call
        yield server, fetch


@pytest.fixture
def fake_s3(way):
    way[0].answers.clear()
    way[0].requests.clear()
    return way[0]


@pytest.fixture
def fetch(way):
    return way[1]


def describe(server, *, has_all=True):
    return {
        "AWS_REGION": "us-east-2",
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.port}",
        **(CREDENTIALS if has_all else {}),
    }


def header(request, name):
    lines = dict(line.lower().split(": ", 1) for line in request.split("\r\n")[1:] if line)
    return lines.get(name)


def test_the_first_get_has_no_condition(fetch, fake_s3):
    fake_s3.answers = [ANSWER]

    found = fetch(None, 2.0)

    assert (found.body, found.etag, found.modified) == (b"model", '"2"', 100.0)
    assert fake_s3.requests[0].startswith("GET /churn-models/models/live.json")
    assert header(fake_s3.requests[0], "if-none-match") is None
    scope = "/us-east-2/s3/aws4_request"
    assert scope in header(fake_s3.requests[0], "authorization")


def test_what_has_not_changed_is_not_sent(fetch, fake_s3):
    fake_s3.answers = [NOT_MODIFIED]

    found = fetch('"2"', 2.0)

    assert (found.body, found.etag) == (None, '"2"')
    assert header(fake_s3.requests[0], "if-none-match") == '"2"'


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (404, "NoSuchKey", "missing"),
        (404, "NoSuchBucket", "misconfigured"),
        (403, "AccessDenied", "forbidden"),
        (400, "ExpiredToken", "forbidden"),
        (405, "MethodNotAllowed", "misconfigured"),
    ],
)
def test_what_can_not_pass_is_asked_once(fetch, fake_s3, status, code, reason):
    fake_s3.answers = [refuse(status, code)]

    with pytest.raises(StorageError) as caught:
        fetch(None, 2.0)

    assert caught.value.reason == reason
    assert str(caught.value).startswith(f"S3 answered {status} {code}: ")
    assert len(fake_s3.requests) == 1


@pytest.mark.parametrize(
    "failure",
    [
        refuse(500, "InternalError"),
        refuse(503, "SlowDown"),
        b"",
        ANSWER.replace(b"Content-Length: 5", b"Content-Length: 6"),
    ],
    ids=["500", "503", "closed", "cut off"],
)
def test_what_can_pass_is_asked_again(fetch, fake_s3, failure):
    fake_s3.answers = [failure, failure, ANSWER]

    assert fetch(None, 5.0).body == b"model"


def test_a_third_failure_is_the_last(fetch, fake_s3):
    fake_s3.answers = [refuse(503, "SlowDown")] * 4

    with pytest.raises(StorageError) as caught:
        fetch(None, 5.0)

    assert caught.value.reason == "unavailable"
    assert str(caught.value) == "S3 answered 503 SlowDown"
    assert len(fake_s3.requests) == 3


def test_pauses_before_asking_again_are_a_share_of_50_and_100_ms(fetch, fake_s3, monkeypatch):
    pauses_s = []
    monkeypatch.setattr("inference.live.s3.urandom", lambda size: b"\xff" * size)
    monkeypatch.setattr("inference.live.s3.sleep", pauses_s.append)
    fake_s3.answers = [refuse(503, "SlowDown")] * 2 + [ANSWER]

    fetch(None, 5.0)

    assert pauses_s == [0.05, 0.1]


def test_who_hangs_is_asked_again_within_the_deadline(fetch, fake_s3):
    fake_s3.answers = [fake_s3.hang, ANSWER]
    started = time.monotonic()

    assert fetch(None, 0.8).body == b"model"
    assert time.monotonic() - started < 0.8


def test_who_goes_on_hanging_is_given_up_at_the_deadline(fetch, fake_s3):
    fake_s3.answers = [fake_s3.hang] * 3
    started = time.monotonic()

    with pytest.raises(StorageError) as caught:
        fetch(None, 0.2)

    assert caught.value.reason == "unavailable"
    assert time.monotonic() - started < 0.6


def test_a_body_of_six_mebibytes_is_the_largest(fetch, fake_s3):
    size = 6 * 2**20
    fake_s3.answers = [make_answer(200, DATE, b" " * (size + more)) for more in (0, 1)]

    assert len(fetch(None, 5.0).body) == size
    with pytest.raises(StorageError, match="larger than"):
        fetch(None, 5.0)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (301, "PermanentRedirect"),
        (307, "TemporaryRedirect"),
        (400, "AuthorizationHeaderMalformed"),
    ],
)
def test_a_bucket_elsewhere_is_asked_for_there_from_then_on(make_fake_s3, status, code):
    server = make_fake_s3()
    fetch = make_fetcher(describe(server), BUCKET, KEY)
    region = "eu-west-1"
    moved = refuse(status, code, f"x-amz-bucket-region: {region}\r\n", f"<Region>{region}</Region>")
    server.answers = [moved, ANSWER, NOT_MODIFIED]

    assert fetch(None, 5.0).body == b"model"
    assert fetch('"2"', 5.0).body is None
    regions = [header(request, "authorization").split("/")[2] for request in server.requests]
    assert regions == ["us-east-2", region, region]


def test_a_redirect_to_no_region_is_not_followed(make_fake_s3):
    server = make_fake_s3()
    server.answers = [refuse(301, "PermanentRedirect", "x-amz-bucket-region: evil.example/\r\n")]

    with pytest.raises(StorageError) as caught:
        make_fetcher(describe(server), BUCKET, KEY)(None, 2.0)

    assert caught.value.reason == "misconfigured"
    assert len(server.requests) == 1


@pytest.mark.parametrize("has_all", [True, False], ids=["signed here", "boto3"])
def test_an_own_authority_vouches_for_an_own_endpoint(
    make_fake_s3, make_authority, tmp_path, monkeypatch, has_all
):
    authority = make_authority(7)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    server = make_fake_s3(authority.make_server_context(x509.DNSName("localhost")))
    server.answers = [ANSWER]
    environment = {
        **describe(server, has_all=has_all),
        "AWS_ENDPOINT_URL_S3": f"https://localhost:{server.port}",
        "AWS_CA_BUNDLE": str(tmp_path / "ca.pem"),
    }
    for name, value in {**CREDENTIALS, **environment, "NO_PROXY": "*"}.items():
        monkeypatch.setenv(name, value)

    assert make_fetcher(environment, BUCKET, KEY)(None, 5.0).body == b"model"


def test_without_a_bucket_nothing_is_asked():
    with pytest.raises(StorageError) as caught:
        make_fetcher({}, "", KEY)(None, 2.0)

    assert str(caught.value) == "MODEL_BUCKET is not set"
    assert caught.value.reason == "misconfigured"


def test_certificates_that_are_not_there_are_named(tmp_path):
    environment = {
        **CREDENTIALS,
        "AWS_REGION": "us-east-2",
        "AWS_ENDPOINT_URL_S3": "https://127.0.0.1:1",
        "SSL_CERT_FILE": str(tmp_path / "absent.pem"),
    }

    with pytest.raises(StorageError) as caught:
        make_fetcher(environment, BUCKET, KEY)(None, 2.0)

    assert str(caught.value).startswith("TLS: no certificates in the file that AWS_CA_BUNDLE")
    assert caught.value.reason == "misconfigured"


@pytest.fixture
def short_way(monkeypatch):
    """The short way's modules are loaded anew, as in a cold start."""
    for name in ("inference.live.http_get", "inference.live.tls"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.fixture
def tls_s3(make_fake_s3, make_authority, tmp_path, monkeypatch):
    """An S3 with a certificate of its own, and the environment that leads there."""
    authority = make_authority(7)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    server = make_fake_s3(authority.make_server_context(x509.DNSName("localhost")))
    server.stored.body = b"model"
    environment = {**server.environment, "AWS_CA_BUNDLE": str(tmp_path / "ca.pem")}
    for name, value in {**environment, "NO_PROXY": "*"}.items():
        monkeypatch.setenv(name, value)
    return server, environment


@pytest.mark.parametrize(("module", "name"), [("_socket", "SOCK_STREAM"), ("_ssl", "_SSLContext")])
@pytest.mark.usefixtures("short_way")
def test_a_python_that_has_moved_a_name_asks_through_boto3(tls_s3, monkeypatch, module, name):
    server, environment = tls_s3
    monkeypatch.delattr(sys.modules[module], name)
    detours = []
    fetch = make_fetcher(environment, BUCKET, KEY, detours.append)

    first = fetch(None, 20.0)
    again = fetch(first.etag, 20.0)

    assert (first.body, again.body) == (b"model", None)
    assert [type(detour) for detour in detours] == [ImportError]
    assert all("boto" in header(request, "user-agent") for request in server.requests)


@pytest.mark.usefixtures("short_way")
@pytest.mark.parametrize(
    ("wrap", "error"), [(None, AttributeError), (lambda: None, TypeError)], ids=["gone", "changed"]
)
def test_a_python_whose_context_wraps_otherwise_asks_through_boto3(
    tls_s3, monkeypatch, wrap, error
):
    class Context(_ssl._SSLContext):
        @property
        def _wrap_socket(self):
            if wrap is None:
                raise AttributeError("_wrap_socket")
            return wrap

    server, environment = tls_s3
    monkeypatch.setattr(_ssl, "_SSLContext", Context)
    detours = []

    found = make_fetcher(environment, BUCKET, KEY, detours.append)(None, 20.0)

    assert found.body == b"model"
    assert [type(detour) for detour in detours] == [error]
    assert "boto" in header(server.requests[0], "user-agent")


@pytest.mark.usefixtures("short_way")
def test_a_python_with_all_names_takes_the_short_way(tls_s3):
    server, environment = tls_s3
    detours = []

    assert make_fetcher(environment, BUCKET, KEY, detours.append)(None, 5.0).body == b"model"
    assert detours == []
    assert header(server.requests[0], "user-agent") is None
