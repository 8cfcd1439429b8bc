"""What the Model screen says of the monitor, where the page is served."""

import json
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from model.local.api_server import serve_api
from model.page.document import build_served_document

CONTRACT = {"name": "<i>Contract", "alarm": True, "moved": 0.318, "blank": 0.001, "unseen": 0.25}
SCORES = {"name": "churn_probability", "alarm": False, "moved": 0.12}
KNOWN = {"value": 0.312, "low": 0.298, "high": 0.327}
NOWHERE = {"value": None, "low": None, "high": None}
FOUND = {
    "day": "2026-11-24",
    "model_version": "1",
    "customers": 5_012,
    "verdict": "alarm",
    "fields": [CONTRACT, SCORES],
    "estimates": {"churn_rate": KNOWN, "precision": NOWHERE},
    "not_known": "",
}


@pytest.fixture
def visit(new_page, model_text):
    """Return the function that opens the Model screen of a page whose server answers that."""
    servers = ExitStack()

    def open_screen(status, answer, **options):
        pages = {"/": build_served_document(), "/model/file": model_text}

        def respond(event, _context):
            body = pages.get(event["rawPath"])
            kind = "text/html" if event["rawPath"] == "/" else "application/json"
            headers = {"content-type": kind}
            if body is None:
                return {"statusCode": status, "headers": headers, "body": json.dumps(answer)}
            return {"statusCode": 200, "headers": headers, "body": body}

        page = new_page(**options)
        page.goto(servers.enter_context(serve_api(respond)))
        page.click("nav >> text=Model")
        return page

    with servers:
        yield open_screen


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Auckland"])
def test_alarm_is_told_with_its_fields_and_what_is_expected(visit, zone):
    page = visit(200, {"monitoring": FOUND}, timezone_id=zone)

    drift = page.locator(".drift")
    expect(drift.locator("p.error")).to_have_text(
        "On 24 November 2026 5,012 of its customers were counted: for two days in a row they "
        "differ from those it learned from. Look for what has changed, or train again."
    )
    expect(drift.locator("li")).to_have_text(
        [
            "<i>Contract: 31.8% of them are where it had others, 25.0% of categories it doesn't "
            "know, the second day in a row",
            "The probabilities: 12.0% of them are where it had others",
        ]
    )
    expect(drift.locator("dd")).to_have_text(["31.2% (29.8% to 32.7%)"])


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("like_training", "they are like those it learned from."),
        ("drifted", "they differ from those it learned from. One day may be odd"),
        ("not_judged", "too few to tell"),
    ],
)
def test_each_verdict_has_its_words(visit, verdict, words):
    rest = {"verdict": verdict, "fields": [], "estimates": None}
    page = visit(200, {"monitoring": FOUND | rest})

    expect(page.locator(".drift p").first).to_contain_text(f"were counted: {words}")
    assert page.locator(".drift li, .drift dd, .drift .error").count() == 0


def test_server_is_asked_once_and_not_before_the_screen_is_opened(visit):
    page = visit(200, {"monitoring": FOUND})
    page.wait_for_selector(".drift h2")
    page.click("nav >> text=List")
    page.click("nav >> text=Model")

    asked = [urlsplit(address).path for address in page.asked]
    assert asked == ["/", "/model/file", "/model"]


@pytest.mark.parametrize(
    ("status", "answer"), [(200, {"monitoring": None}), (200, {}), (401, {}), (503, {})]
)
def test_where_nobody_knows_nothing_is_said(visit, status, answer):
    with (page := visit(status, answer)).expect_response("**/model"):
        page.reload()
        page.click("nav >> text=Model")

    assert page.locator(".drift").inner_html() == ""


def test_a_page_without_a_server_has_no_such_part(page):
    page.click("nav >> text=Model")

    assert page.locator(".model").is_visible()
    assert page.locator(".drift").count() == 0
