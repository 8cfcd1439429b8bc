"""Answers come in turn from a fake at the edge to the network."""

import json

import pytest
import requests

from model.errors import VerifyError
from model.verify import api_client
from model.verify.api_client import ApiClient

RECORDS = [{"tenure": 1}]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(api_client, "PAUSE_S", 0.001)
    monkeypatch.setattr(api_client, "MAX_PAUSE_S", 0.002)


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch):
    monkeypatch.setattr(api_client, "_credentials", lambda: None)


class Network:
    """The edge to the network: answers in turn, and remembers what was sent."""

    def __init__(self):
        self.answers = []
        self.sent = []

    def post(self, url, *, data, headers, timeout, allow_redirects):
        assert timeout == (5, 30)
        assert not allow_redirects
        self.sent.append((url, json.loads(data), dict(headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code = answer
        return response


@pytest.fixture
def network(monkeypatch):
    network = Network()
    monkeypatch.setattr(api_client.requests, "post", network.post)
    return network


@pytest.mark.parametrize(
    "url",
    ["https://x.org", "https://x.org/", "https://x.org/predict", "https://x.org/predict/"],
)
def test_records_are_posted_to_predict(network, url):
    network.answers = [200]

    assert ApiClient(url).post(RECORDS).status_code == 200
    assert network.sent == [
        (
            "https://x.org/predict",
            {"records": RECORDS},
            {"content-type": "application/json"},
        )
    ]


@pytest.mark.parametrize(
    "trouble",
    [503, 429, 502, 504, requests.ConnectionError(), requests.ReadTimeout()],
    ids=str,
)
def test_what_can_pass_is_waited_out(network, trouble):
    network.answers = [trouble, trouble, 200]

    assert ApiClient("https://x.org").post(RECORDS).status_code == 200
    assert len(network.sent) == 3


def test_waiting_has_an_end(network):
    network.answers = [503]

    assert ApiClient("https://x.org", patience_s=0.05).post(RECORDS).status_code == 503


def test_api_that_never_answers_is_named(network):
    network.answers = [requests.ConnectionError()]

    with pytest.raises(VerifyError, match=r"https://x\.org/predict: can't be reached \(Connection"):
        ApiClient("https://x.org", patience_s=0.05).post(RECORDS)


def test_address_that_is_none_is_named(network):
    network.answers = [requests.exceptions.MissingSchema()]

    with pytest.raises(VerifyError, match=r"x\.org/predict: MissingSchema"):
        ApiClient("x.org").post(RECORDS)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_other_answers_come_back_at_once(network, status):
    network.answers = [status]

    assert ApiClient("https://x.org").post(RECORDS).status_code == status
    assert len(network.sent) == 1


def test_token_is_sent_as_bearer(network):
    network.answers = [200]

    ApiClient("https://x.org", token="a.b.c").post(RECORDS)  # noqa: S106  not a password

    assert network.sent[0][2]["authorization"] == "Bearer a.b.c"


AWS_URL = "https://abc.execute-api.us-east-2.amazonaws.com"


@pytest.fixture
def credentials(monkeypatch):
    from botocore.credentials import ReadOnlyCredentials

    monkeypatch.setattr(
        api_client, "_credentials", lambda: ReadOnlyCredentials("AKIDEXAMPLE", "secret", None)
    )


@pytest.mark.usefixtures("credentials")
def test_request_is_signed_once_the_api_asks_for_it(network):
    network.answers = [403, 200]
    client = ApiClient(AWS_URL)

    assert client.post(RECORDS).status_code == 200
    client.post(RECORDS)

    signed = [headers.get("Authorization", "") for _, _, headers in network.sent]
    assert [text.partition("/")[0] for text in signed] == [
        "",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE",
    ]
    assert "/us-east-2/execute-api/aws4_request, " in signed[1]


@pytest.mark.usefixtures("credentials")
def test_signature_is_what_botocore_computes_for_the_same_moment(network):
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    network.answers = [200]

    ApiClient(AWS_URL, is_signed=True).post(RECORDS)

    _, body, headers = network.sent[0]
    request = AWSRequest(
        "POST",
        f"{AWS_URL}/predict",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    request.context["timestamp"] = headers["X-Amz-Date"]
    request.headers["X-Amz-Date"] = headers["X-Amz-Date"]
    auth = SigV4Auth(api_client._credentials(), "execute-api", "us-east-2")
    signature = auth.signature(
        auth.string_to_sign(request, auth.canonical_request(request)), request
    )
    assert headers["Authorization"].endswith(f"Signature={signature}")


@pytest.mark.parametrize(
    "url",
    [
        "https://x.org",
        "http://abc.execute-api.us-east-2.amazonaws.com",
        "https://x.org/abc.execute-api.us-east-2.amazonaws.com",
        "https://abc.execute-api.us-east-2.amazonaws.com.x.org",
    ],
)
def test_no_other_host_is_sent_a_signature_unasked(network, monkeypatch, url):
    monkeypatch.setattr(api_client, "_credentials", lambda: pytest.fail("asked for credentials"))
    network.answers = [403]

    assert ApiClient(url).post(RECORDS).status_code == 403


def test_signing_without_credentials_is_an_error(network):
    network.answers = [200]

    with pytest.raises(VerifyError, match="wants a signed request, but no AWS credentials were"):
        ApiClient(AWS_URL, is_signed=True).post(RECORDS)


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize(("region", "problem"), [("eu-west-1", None), ("", "in which AWS region")])
def test_own_domain_takes_the_region_of_the_environment(network, monkeypatch, region, problem):
    network.answers = [200]
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    client = ApiClient("https://churn.example.com", is_signed=True)

    if problem:
        with pytest.raises(VerifyError, match=problem):
            client.post(RECORDS)
    else:
        client.post(RECORDS)
        assert "/eu-west-1/execute-api/" in network.sent[0][2]["Authorization"]
