"""The page as the API serves it: over HTTP, with the model that the server has."""

import pytest
from playwright.sync_api import expect

from model.local.api_server import serve_api
from model.local.environment import import_handler


@pytest.fixture
def visit(new_page):
    """Return the function that opens the page that a server has."""

    def open_address(url):
        page = new_page()
        page.goto(f"{url}/")
        return page

    return open_address


def test_dropped_file_is_ranked_and_nothing_is_asked_after_the_model(
    server, publish, visit, drop, model_text, any_csv, ranked
):
    publish(model_text)
    page = visit(server)
    page.wait_for_selector(".drop")

    drop(page, any_csv)
    page.wait_for_selector("tbody tr")
    risks = page.eval_on_selector_all(
        "tbody td .figure", "all => all.map((one) => one.textContent)"
    )

    assert risks == [f"{risk:.1%}" for risk in ranked[:50]]
    assert page.asked == [f"{server}/", f"{server}/model/file"]


def test_browser_keeps_page_and_model_and_asks_whether_they_changed(
    server, publish, visit, model_text
):
    publish(model_text)
    page = visit(server)
    page.wait_for_selector(".drop")
    etags = [page.request.get(f"{server}{path}").headers["etag"] for path in ("/", "/model/file")]

    answers = [
        page.request.get(f"{server}{path}", headers={"if-none-match": etag})
        for path, etag in zip(("/", "/model/file"), etags, strict=True)
    ]
    page.reload()
    page.wait_for_selector(".drop")

    assert [(answer.status, answer.body()) for answer in answers] == [(304, b"")] * 2
    assert page.asked == [f"{server}/", f"{server}/model/file"] * 2


def test_server_without_a_model_is_told(server, visit):
    page = visit(server)

    expect(page.get_by_role("alert")).to_have_text(
        "The server sent no model: no model serves yet; load this page again once one is published."
    )


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "it asks who you are, which this page can't say"),
        (403, "you may not have its model"),
        (404, "it hands out no model file"),
        (500, "it answered 500"),
    ],
)
def test_refusal_is_told_in_words(store, visit, status, told):  # noqa: ARG001  the handler uses it
    handler = import_handler()

    def refuse(event, context):
        """As a gateway does that lets only the page through."""
        if event["rawPath"] == "/":
            return handler(event, context)
        return {"statusCode": status, "body": "{}"}

    with serve_api(refuse) as url:
        page = visit(url)
        expect(page.get_by_role("alert")).to_have_text(f"The server sent no model: {told}.")
