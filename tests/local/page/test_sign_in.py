"""The page where an API wants tokens: people sign in at an issuer, and come back for the model."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from rehearsed.issuer import AUDIENCE, Issuer

from model.local.api_server import serve_api
from model.local.environment import import_handler

HANDED_OUT = "The model is given to people who sign in."
STORED = "[sessionStorage.length, localStorage.length, document.cookie]"
UNSAFE = {"ignore_https_errors": True}  # no browser knows the issuer's certificate


@pytest.fixture
def issuer(authority):
    issuer = Issuer(authority)
    yield issuer
    issuer.stop()


@pytest.fixture
def stage(issuer):
    """The API's stage variables, as template.yaml has them with ApiAuth=JWT and JwtClientId."""
    return {
        "page": "sign-in",
        "issuer": issuer.url,
        "client_id": "the-page",
        "scopes": "openid,score",
        "audience": AUDIENCE,
    }


@pytest.fixture
def server(store, publish, model_text, issuer, stage):  # noqa: ARG001  the handler finds the store
    publish(model_text)
    handler = import_handler()

    def guard(event, context):
        """As API Gateway does with JWT."""
        token = event["headers"].get("authorization", "").removeprefix("Bearer ")
        if event["rawPath"] != "/" and not issuer.accepts(token):
            return {"statusCode": 401, "body": '{"message":"Unauthorized"}'}
        return handler(event | {"stageVariables": stage}, context)

    with serve_api(guard) as url:
        yield url


@pytest.fixture
def visitor(new_page, server):
    """The page as somebody sees it who comes for the first time."""
    page = new_page(**UNSAFE)
    page.goto(f"{server}/")
    return page


def sign_in(page, button="Sign in"):
    page.get_by_role("button", name=button, exact=True).click()


def list_asked(page, server, issuer):
    """Return the addresses that were asked for, without what follows a question mark."""
    short = {server: "api", issuer.url: "issuer"}
    addresses = [url.partition("?")[0] for url in page.asked]
    return [
        f"{short['/'.join(url.split('/')[:3])]} /{'/'.join(url.split('/')[3:])}"
        for url in addresses
    ]


def test_who_signs_in_gets_the_model_and_is_asked_nothing_more(
    visitor, server, issuer, drop, any_csv
):
    sign_in(visitor)
    visitor.wait_for_selector(".drop")
    drop(visitor, any_csv)
    visitor.wait_for_selector("tbody tr")

    assert list_asked(visitor, server, issuer) == [
        "api /",
        "issuer /.well-known/openid-configuration",
        "issuer /authorize",
        "api /",
        "issuer /.well-known/openid-configuration",
        "issuer /token",
        "api /model/file",
        "api /model",
    ]
    assert (visitor.url, visitor.evaluate(STORED)) == (f"{server}/", [0, 0, ""])
    asked = issuer.asked
    assert {name: asked[name] for name in ("client_id", "scope", "audience", "redirect_uri")} == {
        "client_id": "the-page",
        "scope": "openid score",
        "audience": AUDIENCE,
        "redirect_uri": f"{server}/",
    }
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")


def test_each_sign_in_has_secrets_of_its_own(visitor, issuer):
    secrets = []
    for _ in range(2):
        sign_in(visitor)
        visitor.wait_for_selector(".drop")
        secrets += [issuer.asked[name] for name in ("state", "nonce", "code_challenge")]
        visitor.reload()

    assert len(set(secrets)) == 6
    assert {len(secret) for secret in secrets} == {43}  # 256 bits each


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"state": "forged"}, "That sign-in did not begin on this page."),
        ({"iss": "https://login.example.com"}, "That sign-in did not begin on this page."),
        ({"error": "access_denied"}, "The issuer let nobody in: access_denied."),
        (
            {"error": "<img src=x onerror=alert(1)>"},
            "The issuer let nobody in: <img src=x onerror=alert(1)>.",
        ),
        ({"code": "stolen"}, "The issuer refused: it answered 400."),
        ({"nonce": "replayed"}, "The issuer's answer is to another sign-in."),
    ],
    ids=["state", "issuer", "error", "markup", "code", "nonce"],
)
def test_answer_that_lets_nobody_in_is_told_and_can_be_tried_again(
    visitor, server, issuer, answer, told
):
    issuer.answer = answer
    sign_in(visitor)
    expect(visitor.get_by_role("alert")).to_have_text(told)
    asked = list_asked(visitor, server, issuer)
    address, stored = visitor.url, visitor.evaluate(STORED)

    issuer.answer = {}
    sign_in(visitor, "Sign in again")
    visitor.wait_for_selector(".drop")

    assert "api /model/file" not in asked
    assert (address, stored) == (f"{server}/", [0, 0, ""])


def test_tokens_without_one_that_says_whom_they_are_for_are_refused(visitor, issuer):
    issuer.tokens = {"id_token": None}

    sign_in(visitor)

    expect(visitor.get_by_role("alert")).to_have_text("The issuer's answer is to another sign-in.")


@pytest.mark.parametrize(
    ("description", "told"),
    [
        (
            {"issuer": "https://login.example.com"},
            "The issuer's description is of another issuer.",
        ),
        (
            {"authorization_endpoint": "javascript:alert(1)"},
            "The issuer's address for signing in isn't safe.",
        ),
    ],
    ids=["issuer", "address"],
)
def test_issuer_that_describes_something_else_is_not_gone_to(
    visitor, server, issuer, description, told
):
    issuer.description = description

    sign_in(visitor)

    expect(visitor.get_by_role("alert")).to_have_text(told)
    assert "issuer /authorize" not in list_asked(visitor, server, issuer)


def test_link_with_somebody_elses_code_signs_nobody_in(new_page, server, issuer):
    page = new_page(**UNSAFE)

    page.goto(f"{server}/?code=good-once&state=forged")

    expect(page.get_by_role("alert")).to_have_text("That sign-in did not begin on this page.")
    assert list_asked(page, server, issuer) == ["api /"]


def test_token_that_the_api_refuses_leads_to_signing_in_again(visitor, issuer):
    issuer.claims = {"exp": 1}
    sign_in(visitor)
    expect(visitor.get_by_role("alert")).to_have_text(
        "Your sign-in has run out, or isn't accepted here."
    )

    issuer.claims = {}
    sign_in(visitor, "Sign in again")

    visitor.wait_for_selector(".drop")


def test_page_outlives_its_token_until_it_is_loaded_again(
    visitor, server, issuer, drop, any_csv, monkeypatch
):
    sign_in(visitor)
    visitor.wait_for_selector(".drop")
    asked = len(visitor.asked)
    monkeypatch.setattr(issuer, "accepts", lambda _token: False)

    drop(visitor, any_csv)
    visitor.wait_for_selector("tbody tr")
    later = len(visitor.asked)
    visitor.reload()

    expect(visitor.get_by_role("main")).to_contain_text(HANDED_OUT)
    assert (later, visitor.asked[asked:]) == (asked, [f"{server}/"])


def test_tokens_may_come_from_another_origin_that_the_stack_names(visitor, issuer, stage):
    origin = issuer.url.replace("localhost", "127.0.0.1")
    issuer.description = {"token_endpoint": f"{origin}/token"}
    sign_in(visitor)
    expect(visitor.get_by_role("alert")).to_have_text(
        f"The issuer gives out tokens at {origin}, which this page may not ask; "
        "JwtTokenOrigin has to name it."
    )

    stage["token_origin"] = origin
    visitor.reload()
    sign_in(visitor)

    visitor.wait_for_selector(".drop")


def test_issuer_that_does_not_answer_is_told(visitor, issuer):
    issuer.stop()

    sign_in(visitor)

    expect(visitor.get_by_role("alert")).to_have_text(
        "The issuer doesn't answer, or doesn't let this page ask (CORS)."
    )


def test_keyboard_alone_signs_in(visitor):
    expect(visitor.get_by_role("main")).to_contain_text(HANDED_OUT)

    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")

    visitor.wait_for_selector(".drop")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in_is_accessible_and_fits_a_phone(new_page, server, take_picture, scheme):
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme, **UNSAFE)
    page.goto(f"{server}/?state=forged")
    expect(page.get_by_role("alert")).to_be_visible()

    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    take_picture(page, f"sign-in-{scheme}")
    assert (found.violations_count, wide) == (0, 0), found.generate_report()
