import datetime

import pytest
from botocore import auth
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inference.live.sigv4 import quote_path, sign_get

NOW = datetime.datetime(2026, 11, 22, 9, 0, 5, tzinfo=datetime.UTC)
TIMESTAMP = "20261122T090005Z"

# What an HTTP header can carry: latin-1 without control characters.
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]))
secret_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=90)
region = st.sampled_from(["us-east-2", "eu-central-1", "cn-north-1", "us-gov-west-1", "x"])
key = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "get_current_datetime", lambda: NOW)
        yield


def sign_with_botocore(host, path, etag, region, credentials):
    request = AWSRequest(method="GET", url=f"https://{host}{path}")
    if etag:
        request.headers["if-none-match"] = etag
    key_id, secret, token = credentials
    S3SigV4Auth(Credentials(key_id, secret, token or None), "s3", region).add_auth(request)
    return {"host": host, **{name.lower(): value for name, value in request.headers.items()}}


@settings(deadline=None)
@given(
    key=key,
    etag=header_text,
    region=region,
    credentials=st.tuples(secret_text, secret_text, st.one_of(st.just(""), secret_text)),
    host=st.sampled_from(["b.s3.us-east-2.amazonaws.com", "localhost:5000", "127.0.0.1:99"]),
)
@example("k", '"e"', "x", ("id", 60 * "s", ""), "h")  # with "AWS4" one block of SHA-256
@example("k", '"e"', "x", ("id", "a secret longer than a block of SHA-256: " + 30 * "s", ""), "h")
def test_signed_headers_are_botocores(key, etag, region, credentials, host):
    path = "/" + quote_path(key)
    headers = {"host": host, **({"if-none-match": etag} if etag else {})}

    signed = sign_get(path, headers, region, credentials, TIMESTAMP)

    assert signed == sign_with_botocore(host, path, etag, region, credentials)


def test_signature_is_the_one_of_amazons_documentation():
    # The "GET Object" example of "Authenticating requests", Amazon S3 API reference.
    credentials = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "")
    headers = {"host": "examplebucket.s3.amazonaws.com", "range": "bytes=0-9"}

    signed = sign_get("/test.txt", headers, "us-east-1", credentials, "20130524T000000Z")

    assert signed["authorization"].endswith(
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


@settings(deadline=None)
@given(key)
def test_path_is_quoted_as_botocore_does(key):
    assert quote_path(key) == percent_encode(key, safe="/~")
