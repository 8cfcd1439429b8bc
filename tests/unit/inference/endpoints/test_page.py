import json
import re
from base64 import b64decode
from html import unescape

import pytest

import app
from model.page.document import build_served_document

OPEN, OFF = {"page": "open"}, {"page": "none"}


@pytest.fixture
def get(tmp_path, monkeypatch, context, event):
    """Return the function that asks for the page; nothing else is asked for."""
    (tmp_path / "page.html").write_text(build_served_document(), encoding="utf-8")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    app.open_store.cache_clear()

    def send(stage_variables=OPEN, **headers):
        sent = event("GET", "/", headers=headers, stage_variables=stage_variables)
        return app.lambda_handler(sent, context)

    return send


def read_policy(answer):
    policy = answer["headers"]["content-security-policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_page_comes_without_a_model(get):
    answer = get()

    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert (
        '<script type="application/json" id="model"></script>' in b64decode(answer["body"]).decode()
    )


def test_page_needs_no_model(get):
    get()

    assert app.open_store.cache_info().currsize == 0


def test_browser_is_told_what_the_page_may_do(get):
    answer = get()
    html = b64decode(answer["body"]).decode()
    stated = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]

    policy = read_policy(answer)

    assert answer["headers"]["content-security-policy"] == f"{stated}; frame-ancestors 'none'"
    assert (policy["default-src"], policy["connect-src"]) == ("'none'", "'self'")
    assert re.fullmatch("'sha256-[A-Za-z0-9+/]{43}='", policy["script-src"])
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert answer["headers"]["referrer-policy"] == "no-referrer"


SIGN_IN = {
    "page": "sign-in",
    "issuer": "https://login.example.com/t/1",
    "client_id": "the-page",
    "scopes": "openid,api://crm/score",
    "audience": "crm",
}


def read_settings(answer):
    """Return what the page is told of the issuer, as a browser reads an attribute."""
    html = b64decode(answer["body"]).decode()
    return json.loads(unescape(re.search('<meta name="sign-in" content="([^"]*)">', html)[1]))


def test_page_is_told_where_people_sign_in(get):
    assert read_settings(get(SIGN_IN)) == {
        "issuer": "https://login.example.com/t/1",
        "client_id": "the-page",
        "scope": "openid api://crm/score",
        "audience": "crm",
        "origins": ["https://login.example.com"],
    }


@pytest.mark.parametrize(
    ("variables", "origins"),
    [
        ({}, "https://login.example.com"),
        ({"token_origin": "https://login.example.com"}, "https://login.example.com"),
        ({"token_origin": "https://t.example"}, "https://login.example.com https://t.example"),
    ],
    ids=["issuer's", "the same", "another"],
)
def test_page_that_signs_in_may_ask_the_issuer_and_is_the_same_otherwise(get, variables, origins):
    policy, plain = read_policy(get(SIGN_IN | variables)), read_policy(get())

    assert policy == plain | {"connect-src": f"'self' {origins}"}
    assert " ".join(read_settings(get(SIGN_IN | variables))["origins"]) == origins


def test_policy_in_the_page_is_that_of_the_header(get):
    answer = get(SIGN_IN)

    html = b64decode(answer["body"]).decode()

    stated = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert answer["headers"]["content-security-policy"] == f"{stated}; frame-ancestors 'none'"


def test_what_is_told_of_the_issuer_stays_in_its_attribute(get):
    told = get(SIGN_IN | {"client_id": '"><script>&amp;'})

    assert read_settings(told)["client_id"] == '"><script>&amp;'


def test_open_page_signs_nobody_in(get):
    html = b64decode(get(OPEN | {"issuer": "https://login.example.com"})["body"]).decode()

    assert '<meta name="sign-in" content="">' in html


def test_page_that_the_browser_has_is_not_sent_again(get):
    etag = get()["headers"]["etag"]

    assert get(**{"if-none-match": etag})["statusCode"] == 304
    assert get(**{"if-none-match": '"an older one"'})["statusCode"] == 200


def test_page_can_be_switched_off(get):
    answer = get(stage_variables=OFF)

    assert answer["statusCode"] == 404
    assert json.loads(answer["body"]) == {
        "error": "the page is switched off here; ServePage, ApiAuth and JwtClientId decide, "
        "see docs/page.md"
    }


def test_emulator_without_stage_variables_gets_the_page(get):
    assert get(stage_variables=None)["statusCode"] == 200
