"""Real HTTP through the stack's gateway into the real handler in a container."""

import json
import sys
import time

import pytest
from playwright.sync_api import expect
from rehearsed.checks import (
    EVENTS,
    check_answers,
    check_bulk,
    check_guards,
    check_page,
    check_rights,
)
from rehearsed.gateway import import_body, read_api
from rehearsed.stack import call

PATIENCE_S = 30


def test_every_request_of_events_is_answered_as_here(api, handler):
    assert check_answers(api, handler) == []


def test_open_api_asks_nobody_for_credentials(api, stack):
    body, _ = read_api(stack)

    refused = {finding.partition(":")[0] for finding in check_guards(api, body)}

    guarded = {f"{m.upper()} {path}" for path, methods in body["paths"].items() for m in methods}
    assert refused == guarded - {"GET /health"}  # so a check of it would find each route


def test_verify_finds_the_published_model(api, stack, trees):
    done = verify(api, stack, trees)

    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "SUCCESS" in done.stdout


def test_page_is_served_with_its_model(api, trees):
    assert check_page(api, trees.path.read_bytes()) == []


def test_page_finds_its_model_in_a_browser(api, new_page, trees):
    page = new_page()
    page.goto(f"{api}/")
    page.click("text=Try sample customers")
    page.wait_for_selector("tbody tr")

    page.click("nav >> text=Model")

    expect(page.locator("main")).to_contain_text(trees.version)
    assert page.asked == [f"{api}/", f"{api}/model/file", f"{api}/model"]


@pytest.fixture
def signed_api(api, stack):
    """The same, asking for signed requests as long as a test lasts."""
    guarded, _ = read_api(stack, ApiAuth="AWS_IAM")
    import_body(stack, guarded)
    yield api
    import_body(stack, read_api(stack)[0])


def test_api_of_signed_requests_refuses_others(signed_api, stack):
    body, _ = read_api(stack)

    assert check_guards(signed_api, body) == []


def test_verify_signs_where_the_api_wants_it(signed_api, stack, trees):
    done = verify(signed_api, stack, trees, "--sign")

    assert done.returncode == 0, done.stderr


def verify(url, stack, model, *flags):
    words = ["verify", "--url", url, "--artifact", model.path, *flags]
    return call(sys.executable, "-m", "model", *words, environment=stack.environment)


def test_every_role_may_what_it_has_to_and_no_more(stack):
    assert check_rights(stack) == []


def test_bulk_run_scores_a_table(stack, table):
    assert check_bulk(stack, table) == []


def test_throttles_are_those_of_the_parameters(stack):
    """In the deployed template; MiniStack's stage doesn't keep them."""
    _, stage = read_api(stack)

    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": stack.parameters["ThrottleRate"],
        "ThrottlingBurstLimit": stack.parameters["ThrottleBurst"],
    }
    assert stage["RouteSettings"]["GET /health"] == {
        "ThrottlingRateLimit": 5,
        "ThrottlingBurstLimit": 10,
    }


def test_request_leaves_its_line_with_metrics_in_the_stacks_log(api, handler, stack):
    assert check_answers(api, handler) == []

    lines = read_lines(stack, "POST /predict")

    assert len(lines) >= sum(event["rawPath"] == "/predict" for _, event in EVENTS) / 2
    metrics = lines[-1]["_aws"]["CloudWatchMetrics"][0]
    assert metrics["Namespace"] == "ChurnScoring"
    assert {metric["Name"] for metric in metrics["Metrics"]} <= lines[-1].keys()
    assert lines[-1]["FunctionName"] == stack.resources["PredictFunction"]


def read_lines(stack, route):
    """Return the function's own lines about a route, once there are any."""
    deadline = time.monotonic() + PATIENCE_S
    group = stack.resources["PredictLogs"]
    while time.monotonic() < deadline:
        pages = stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        messages = [event["message"] for page in pages for event in page["events"]]
        lines = [json.loads(message) for message in messages if message.startswith('{"_aws"')]
        if found := [line for line in lines if line.get("route") == route]:
            return found
        time.sleep(0.2)
    raise AssertionError("no line came")
