import json

import pytest

from inference.errors import ModelUnavailableError, NothingScoredError, TooLargeError
from inference.http_api.response import (
    error_response,
    fault_response,
    json_response,
    sized_response,
)

HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


def test_json_response_is_compact_and_must_not_be_cached():
    answer = json_response(200, {"predictions": [0.1, None], "name": "\u00e9"}).to_event()

    assert answer == {
        "statusCode": 200,
        "headers": HEADERS,
        "body": '{"predictions":[0.1,null],"name":"\\u00e9"}',
    }


def test_answer_larger_than_lambda_sends_is_refused():
    """Lambda sends 6 MiB, in which a quote is two bytes, and the string has one at each end."""
    room = (6 * 1024 * 1024 - 10_000 - 2) // 2
    answer = sized_response(200, '"' * room, "text/csv")

    assert len(json.dumps(answer.to_event())) < 6 * 1024 * 1024
    with pytest.raises(TooLargeError) as caught:
        sized_response(200, '"' * (room + 1), "text/csv")

    assert (
        caught.value.message == "the answer would be larger than Lambda sends; send fewer records"
    )


def test_error_response_says_what_was_wrong():
    error = ModelUnavailableError("no model", {"Retry-After": "5"}, "missing")

    response = error_response(error)

    assert response.unavailable == "missing"
    assert (response.records, response.churners, response.bad_records) == (0, 0, 0)
    assert response.to_event() == {
        "statusCode": 503,
        "headers": HEADERS | {"Retry-After": "5"},
        "body": '{"error":"no model"}',
    }


def test_error_response_lists_what_is_wrong_with_records():
    response = error_response(NothingScoredError("none", {"errors": [1]}, bad_records=7))

    assert json.loads(response.body) == {"error": "none", "errors": [1]}
    assert (response.status, response.bad_records) == (422, 7)


def test_fault_is_kept_for_the_log_and_the_caller_learns_nothing_of_it():
    fault = ValueError("secret")

    response = fault_response(fault)

    assert (response.status, response.fault) == (500, fault)
    assert json.loads(response.body) == {
        "error": "something went wrong on our side; the log has it under x-request-id"
    }
