import json
import re
from base64 import b64decode

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


def test_page_that_the_browser_has_is_not_sent_again(get):
    etag = get()["headers"]["etag"]

    assert get(**{"if-none-match": etag})["statusCode"] == 304
    assert get(**{"if-none-match": '"an older one"'})["statusCode"] == 200


def test_page_can_be_switched_off(get):
    answer = get(stage_variables=OFF)

    assert answer["statusCode"] == 404
    assert json.loads(answer["body"]) == {
        "error": "the page is switched off here; ServePage and ApiAuth decide, see docs/page.md"
    }


def test_emulator_without_stage_variables_gets_the_page(get):
    assert get(stage_variables=None)["statusCode"] == 200
