"""A server on this machine stands for the API; for AWS's own host names, `responses` does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import responses
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from model.errors import VerifyError
from model.verify.api_client import ApiClient

RECORDS = [{"tenure": 1}]
NEVER = 0  # a status: the connection is closed without an answer


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def server():
    """Answers with `statuses` in turn, the last one for ever, and remembers what was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.sent.append((self.path, body, self.headers))
            status = server.statuses.pop(0) if len(server.statuses) > 1 else server.statuses[0]
            if status == NEVER:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.statuses, server.sent = [200], []
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(server):
    return ApiClient(server.url, attempts=3, pause_s=0.001)


@pytest.mark.parametrize("end", ["", "/", "/predict", "/predict/"])
def test_records_are_posted_to_predict(server, end):
    assert ApiClient(server.url + end).post(RECORDS).status_code == 200

    ((path, body, headers),) = server.sent
    assert (path, body) == ("/predict", {"records": RECORDS})
    assert headers["content-type"] == "application/json"
    assert "authorization" not in headers


@pytest.mark.parametrize("trouble", [503, 429, 502, 504, NEVER])
def test_what_can_pass_is_waited_out(server, client, trouble):
    server.statuses = [trouble, 503, 200]

    assert client.post(RECORDS).status_code == 200
    assert [body for _, body, _ in server.sent] == [{"records": RECORDS}] * 3


def test_waiting_has_an_end(server, client):
    server.statuses = [503]

    assert client.post(RECORDS).status_code == 503
    assert len(server.sent) == 3


def test_api_that_never_answers_is_named(server, client):
    server.statuses = [NEVER]

    with pytest.raises(VerifyError) as caught:
        client.post(RECORDS)

    assert str(caught.value) == f"{server.url}/predict: can't be reached (ConnectionError)"


def test_address_that_is_none_is_named():
    with pytest.raises(VerifyError, match=r"x\.org/predict: MissingSchema"):
        ApiClient("x.org").post(RECORDS)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 500])
def test_other_answers_come_back_at_once(server, client, status):
    server.statuses = [status]

    assert client.post(RECORDS).status_code == status
    assert len(server.sent) == 1


def test_token_is_sent_as_bearer(server):
    ApiClient(server.url, token="a.b.c").post(RECORDS)  # noqa: S106  not a password

    assert server.sent[0][2]["authorization"] == "Bearer a.b.c"


AWS_URL = "https://abc.execute-api.us-east-2.amazonaws.com"


PREDICT = f"{AWS_URL}/predict"


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.mark.usefixtures("credentials")
@responses.activate
def test_request_is_signed_once_the_api_asks_for_it():
    for status in (403, 200, 200):
        responses.post(PREDICT, status=status)
    client = ApiClient(AWS_URL)

    assert client.post(RECORDS).status_code == 200
    client.post(RECORDS)

    signed = [call.request.headers.get("Authorization", "") for call in responses.calls]
    assert [text.partition("/")[0] for text in signed] == [
        "",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE",
    ]
    assert "/us-east-2/execute-api/aws4_request, " in signed[1]


@pytest.mark.usefixtures("credentials")
@responses.activate
def test_signature_is_what_botocore_computes_for_the_same_moment():
    responses.post(PREDICT)

    ApiClient(AWS_URL, is_signed=True).post(RECORDS)

    sent = responses.calls[0].request
    headers = {"content-type": "application/json"}
    request = AWSRequest("POST", PREDICT, data=sent.body, headers=headers)
    request.context["timestamp"] = sent.headers["X-Amz-Date"]
    request.headers["X-Amz-Date"] = sent.headers["X-Amz-Date"]
    auth = SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-2")
    signature = auth.signature(
        auth.string_to_sign(request, auth.canonical_request(request)), request
    )
    assert sent.headers["Authorization"].endswith(f"Signature={signature}")


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize(
    "url",
    [
        "https://x.org",
        "http://abc.execute-api.us-east-2.amazonaws.com",
        "https://x.org/abc.execute-api.us-east-2.amazonaws.com",
        "https://abc.execute-api.us-east-2.amazonaws.com.x.org",
    ],
)
@responses.activate
def test_no_other_host_is_sent_a_signature_unasked(url):
    responses.post(f"{url}/predict", status=403)

    assert ApiClient(url).post(RECORDS).status_code == 403
    assert ["Authorization" in call.request.headers for call in responses.calls] == [False]


def test_signing_without_credentials_is_an_error():
    with pytest.raises(VerifyError, match="wants a signed request, but no AWS credentials were"):
        ApiClient(AWS_URL, is_signed=True).post(RECORDS)


@pytest.mark.usefixtures("credentials")
@responses.activate
def test_own_domain_takes_the_region_of_the_environment(monkeypatch):
    responses.post("https://churn.example.com/predict")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    ApiClient("https://churn.example.com", is_signed=True).post(RECORDS)

    assert "/eu-west-1/execute-api/" in responses.calls[0].request.headers["Authorization"]


@pytest.mark.usefixtures("credentials")
def test_own_domain_without_a_region_asks_for_one(monkeypatch):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(VerifyError, match="in which AWS region"):
        ApiClient("https://churn.example.com", is_signed=True).post(RECORDS)
