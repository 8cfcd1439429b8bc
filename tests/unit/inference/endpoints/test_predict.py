import json

import pytest


def test_clean_records_get_predictions_and_labels_and_nothing_else(ask, record):
    status, headers, answer = ask(body={"records": [record, record | {"tenure": 70}]})

    assert status == 200
    assert headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-model-version": "20261122T090000Z-0123456789ab",
        "x-request-id": "request-1",
    }
    assert list(answer) == ["predictions", "labels"]
    # 1 / (1 + e^-1.8) and, with 2.4 less, 1 / (1 + e^0.6)
    assert answer["predictions"] == pytest.approx([0.8581489350995121, 0.3543436937742046])
    assert answer["labels"] == [1, 0]


def test_ids_are_echoed_when_records_carry_them(ask, record):
    records = [record | {"customerID": value} for value in ("A-1", 7, None, 1.5, True, ["x"])]

    answer = ask(body={"records": [*records, record]})[2]

    assert answer["ids"] == ["A-1", 7, None, None, None, None, None]
    assert list(answer) == ["predictions", "labels", "ids"]


def test_model_without_id_column_echoes_none(ask, record, document, pack, s3):
    document["schema"]["id"] = None
    s3.stored.body = pack(document)

    answer = ask(body={"records": [record | {"customerID": "A-1"}]})[2]

    assert list(answer) == ["predictions", "labels"]


def test_one_bad_record_does_not_lose_the_others(ask, record):
    bad = record | {"tenure": "soon", "paperless": 1, "customerID": "B"}

    status, _, answer = ask(body={"records": [record, bad, record | {"charges": ""}]})

    assert status == 200
    assert answer["predictions"][1] is None
    assert answer["labels"] == [1, None, 1]
    del answer["predictions"], answer["labels"]
    assert answer == {
        "ids": [None, "B", None],
        "error": "1 of 3 records can't be scored; first records[1].tenure: "
        "expected a number, got text",
        "errors": [
            {"record": 1, "field": "tenure", "message": "expected a number, got text"},
            {"record": 1, "field": "paperless", "message": "expected text, got a number"},
        ],
        "warnings": [
            {"record": 2, "field": "charges", "message": "blank; scored as 70.5, as in training"}
        ],
    }


def test_when_no_record_can_be_scored_the_status_is_422(ask, record):
    del record["tenure"]

    status, _, answer = ask(body={"records": [record, None]})

    assert status == 422
    assert answer == {
        "error": "2 of 2 records can't be scored; first records[0].tenure: missing",
        "errors": [
            {"record": 0, "field": "tenure", "message": "missing"},
            {"record": 1, "field": None, "message": "expected an object, got null"},
        ],
    }


def test_100_problems_are_listed_and_the_rest_counted(ask, record):
    blank, bad = record | {"charges": None}, record | {"charges": "much"}

    answer = ask(body={"records": [blank] * 101 + [bad] * 250})[2]

    assert len(answer["warnings"]) == len(answer["errors"]) == 100
    assert answer["warnings_omitted"] == 1
    assert answer["errors_omitted"] == 150
    assert list(answer) == [
        "predictions",
        "labels",
        "error",
        "errors",
        "errors_omitted",
        "warnings",
        "warnings_omitted",
    ]


def test_exactly_100_problems_omit_nothing(ask, record):
    answer = ask(body={"records": [record | {"charges": None}] * 100})[2]

    assert list(answer) == ["predictions", "labels", "warnings"]


@pytest.mark.parametrize(("threshold", "label"), [(0, 1), (0.85, 1), (0.86, 0), (1, 0)])
def test_threshold_of_the_request_decides(ask, record, threshold, label):
    answer = ask(body={"records": [record], "threshold": threshold})[2]

    assert answer["labels"] == [label]


def test_threshold_of_the_model_decides_otherwise(ask, record, document, pack, s3):
    document["schema"]["threshold"] = 0.9
    s3.stored.body = pack(document)

    assert ask(body={"records": [record]})[2]["labels"] == [0]


def test_probabilities_lose_no_bit(ask, artifact, record):
    text = json.dumps(ask(body={"records": [record]})[2]["predictions"][0])

    numbers, categories = artifact.get_numbers(record), artifact.get_categories(record)
    assert float(text) == artifact.link(artifact.score(numbers, categories))


def test_10_000_records_are_answered_in_order(ask, record):
    records = [record | {"tenure": index % 73} for index in range(10_000)]

    answer = ask(body={"records": records})[2]

    assert len(answer["predictions"]) == 10_000
    assert answer["predictions"][:73] == sorted(answer["predictions"][:73], reverse=True)
    assert answer["predictions"][73:146] == answer["predictions"][:73]


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/html"])
def test_json_is_answered_as_json_unless_asked_otherwise(ask, record, accept):
    headers = ask(body={"records": [record]}, headers={"accept": accept})[1]

    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("body", ["null", "[]", '[{"a": 1}]', '"records"', "5"])
def test_body_that_is_no_object_is_refused(ask, body):
    status, _, answer = ask(body=body)

    assert (status, answer) == (400, {"error": 'body: expected an object, {"records": [...]}'})
