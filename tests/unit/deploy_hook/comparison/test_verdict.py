"""The real handler beside itself, and beside itself with a fault."""

import json
from pathlib import Path

import pytest

from comparison.answer import Answer, read_answer
from comparison.questions import ask_http, read_events
from comparison.verdict import Clock, compare_versions

EVENTS = read_events(Path(__file__).parents[4] / "events")
MODEL = "20261122T090000Z-0123456789ab"
JSON_TYPE = {"content-type": "application/json"}
CHANGE = {"route": "POST /predict", "where": "body.predictions", "what": "Rounded."}


@pytest.fixture
def live(handler):
    """Ask the handler as a version of the function."""
    return lambda event: read_answer(handler(event))


@pytest.fixture
def clock():
    """Ten seconds, which pass with sleeping only."""
    slept = []
    return Clock(lambda: sum(slept), slept.append, 10.0)


def spoilt(ask, change):
    """Return a version whose answers are changed by a function of status, headers and body."""

    def asked(event):
        answer = ask(event)
        return Answer(*change(answer.status, dict(answer.headers), answer.body))

    return asked


def move_a_number(status, headers, body):
    if body.startswith('{"predictions":'):
        document = json.loads(body)
        document["predictions"] = [value and value + 1e-9 for value in document["predictions"]]
        body = json.dumps(document)
    return status, headers, body


def describe_the_change(status, headers, body):
    status, headers, body = move_a_number(status, headers, body)
    if '"openapi"' in body:
        body = json.dumps(json.loads(body) | {"x-changes": [CHANGE]})
    return status, headers, body


def test_version_like_the_live_one_may_take_over(live, clock):
    verdict = compare_versions(live, live, EVENTS, clock)

    assert (verdict.questions, verdict.declared, verdict.model) == (len(EVENTS) + 10, 0, MODEL)
    assert verdict.refused == []


def test_number_off_by_a_billionth_is_refused(live, clock):
    verdict = compare_versions(live, spoilt(live, move_a_number), EVENTS, clock)

    assert verdict.refused[-1] == "many customers: body.predictions[]: off by 1.0e-09"
    assert len(verdict.refused) == 5


def test_difference_that_the_api_declares_is_let_through(live, clock):
    verdict = compare_versions(live, spoilt(live, describe_the_change), EVENTS, clock)

    assert verdict.refused == []
    assert verdict.declared > 100


def test_each_declared_difference_is_counted_once(clock):
    """One question: neither version has a model to be asked about."""

    def version(changes, body):
        documents = {
            "/openapi.json": Answer(200, body=json.dumps({"x-changes": changes})),
            "/model": Answer(503),
            "/predict": Answer(200, JSON_TYPE, body),
        }
        return lambda event: documents[event["rawPath"]]

    live = version([], '{"predictions": [0.5]}')
    new = version([CHANGE], '{"predictions": [0.25]}')

    verdict = compare_versions(live, new, [("one", ask_http("POST", "/predict", {}))], clock)

    assert (verdict.questions, verdict.declared, verdict.refused) == (1, 1, [])


def test_difference_that_was_declared_before_is_refused(live, clock):
    told = spoilt(live, describe_the_change)

    verdict = compare_versions(told, spoilt(told, move_a_number), EVENTS, clock)

    assert "body.predictions[]: off by 1.0e-09" in verdict.refused[0]


def learn_of_drift(status, headers, body):
    if '"monitoring"' in body and '"openapi"' not in body:
        body = json.dumps(json.loads(body) | {"monitoring": {"verdict": "drifted"}})
    return status, headers, body


def test_what_the_monitor_found_meanwhile_is_no_difference(live, clock):
    changed = spoilt(live, learn_of_drift)

    verdict = compare_versions(live, changed, EVENTS, clock)

    question = ask_http("GET", "/model")
    assert live(question).body != changed(question).body
    assert (verdict.refused, verdict.declared) == ([], 0)


def test_crash_ends_the_questions(live, clock):
    asked = []

    def new(event):
        asked.append(event)
        return Answer(599, crash="Sandbox.Timedout")

    verdict = compare_versions(live, new, EVENTS, clock)

    assert verdict.refused == [
        f"{EVENTS[0][0]}: answer: none, the new version ended with Sandbox.Timedout"
    ]
    assert (verdict.questions, len(asked)) == (1, 2)  # of which one is for its description


def test_version_that_is_not_there_is_refused(live, clock):
    verdict = compare_versions(live, lambda _event: None, EVENTS, clock)

    assert verdict.refused == [
        f"{EVENTS[0][0]}: answer: none, the new version ended with no such version"
    ]


def test_first_version_has_to_answer(live, clock):
    verdict = compare_versions(lambda _event: None, live, EVENTS, clock)

    assert (verdict.questions, verdict.refused) == (len(EVENTS) + 10, [])


def test_without_a_model_both_have_to_say_so(live, s3, store, clock):
    s3.stored.body = None
    store.cache_clear()

    verdict = compare_versions(live, live, EVENTS, clock)

    assert (verdict.questions, verdict.model, verdict.refused) == (len(EVENTS), None, [])


def test_version_that_can_not_read_the_live_models_format_is_refused(live, clock):
    def new(event):
        answer = live(event)
        return answer if answer.model is None else Answer(503, {"retry-after": "5"}, "{}")

    verdict = compare_versions(live, new, EVENTS, clock)

    assert verdict.refused[0] == f"{EVENTS[0][0]}: status: 503 instead of 422"


def test_only_the_new_version_reads_the_live_models_format(live, clock):
    def old(event):
        answer = live(event)
        return answer if answer.model is None else Answer(503, {"retry-after": "5"}, "{}")

    verdict = compare_versions(old, live, EVENTS, clock)

    assert (verdict.questions, verdict.refused) == (len(EVENTS) + 10, [])


def test_promotion_in_between_is_waited_for(live, clock):
    def promoted(event):
        answer = live(event)
        version = "new" if clock.now() < 5 and answer.model else answer.model
        headers = answer.headers | ({"x-model-version": version} if version else {})
        return Answer(answer.status, headers, answer.body)

    verdict = compare_versions(live, promoted, EVENTS, clock)

    assert (verdict.refused, clock.now()) == ([], 5)


def test_other_model_for_good_is_refused(live, clock):
    def other(event):
        answer = live(event)
        return Answer(answer.status, answer.headers | {"x-model-version": "other"}, answer.body)

    verdict = compare_versions(live, other, EVENTS, clock)

    assert verdict.refused == [
        f"{EVENTS[0][0]}: model: another one than the live version's",
        f"{EVENTS[0][0]}: the time is over",
    ]
