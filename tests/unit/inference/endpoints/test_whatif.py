import json
from itertools import combinations
from math import exp

import pytest

import app

# 0.3 for those on two years; else by charges up to 60 (0.5, with paper 0.4) or above (0.9), and
# a tenure up to 12 adds 0.05.
TREES = {
    "kind": "trees",
    "link": "identity",
    "baseline": 0.0,
    "divisor": 1,
    "thresholds": [[12.0], [60.0]],
    "category_sets": [[2, [1]], [3, [1]]],
    "trees": {
        "nodes": [[2, 1, 3, -1, -1, -1, -1], [0, -1, -1]],
        "values": [[0.4, 0.5, 0.9, 0.3], [0.05, 0]],
        "weights": [[10, 10, 10, 10], [20, 20]],
    },
}
CHARGES = [18.25 + 100.5 * step / 10 for step in range(11)]
VALUES = {
    "charges": CHARGES,
    "contract": ["Month-to-month", "Two year"],
    "paperless": ["No", "Yes"],
}


@pytest.fixture(params=["linear", "trees"])
def model(request, document, pack, s3):
    """The model that serves, of either kind."""
    if request.param == "trees":
        document["artifact"] = TREES
        s3.stored.body = pack(document)
    return document


@pytest.fixture
def ask_what_if(ask):
    """Return the function that sends a body to /whatif."""
    return lambda body, **more: ask("POST", "/whatif", body, **more)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("fields", [None, ["charges"], ["paperless", "contract"]])
@pytest.mark.parametrize("paperless", ["No", "Yes", ""])
def test_changes_are_the_best_of_all_by_predict(ask, ask_what_if, record, fields, paperless):
    record["paperless"] = paperless
    body = {"record": record, "limit": 100}

    status, _, answer = ask_what_if(body | ({"fields": fields} if fields else {}))

    (now, *_), expected, tried = try_all(ask, record, fields or list(VALUES))
    assert status == 200
    assert answer["prediction"] == now
    assert sorted(map(outline, answer["changes"])) == sorted(expected)
    outcomes = [change["prediction"] for change in answer["changes"]]
    assert outcomes == sorted(outcomes)
    assert (answer["tried"], answer["possible"]) == (tried, tried)


def test_answer_as_a_whole(ask_what_if, record):
    body = {"record": record | {"charges": ""}, "fields": ["contract"], "threshold": 0.3}

    status, headers, answer = ask_what_if(body)

    # log-odds of 10 months, 70.5 imputed, month-to-month and two years, paperless
    score = -0.5 + 0.8 + 0.4 / 30 * 10.5 + 0.2
    before, after = (1 / (1 + exp(-score - contract)) for contract in (0.9, -0.7))
    assert (status, headers["content-type"]) == (200, "application/json")
    assert answer == {
        "prediction": pytest.approx(before),
        "label": 1,
        "changes": [
            {"changes": {"contract": "Two year"}, "prediction": pytest.approx(after), "label": 1}
        ],
        "tried": 1,
        "possible": 1,
        "warnings": [
            {"record": 0, "field": "charges", "message": "blank; scored as 70.5, as in training"}
        ],
    }


def test_what_a_change_brings_along_is_said(ask_what_if, document, pack, s3, record):
    document["schema"]["companions"] = {"apart": [[[0], [2]]]}  # no paper for month-to-month
    s3.stored.body = pack(document)

    _, _, answer = ask_what_if({"record": record, "fields": ["paperless"]})

    # log-odds of 10 months, charges of 90, two years, on paper
    outcome = 1 / (1 + exp(-(-0.5 + 0.8 + 0.4 - 0.7 - 0.2)))
    assert answer["changes"] == [
        {
            "changes": {"contract": "Two year", "paperless": "No"},
            "follows": ["contract"],
            "prediction": pytest.approx(outcome),
            "label": 0,
        }
    ]


def test_number_that_a_change_brings_along_is_said(ask_what_if, document, pack, s3, record):
    document["schema"]["companions"] = {"ranges": [[1, True, [], [[1, 80.0]]]]}  # for two years
    s3.stored.body = pack(document)

    _, _, answer = ask_what_if({"record": record, "fields": ["contract"]})

    # log-odds of 10 months, charges of 80, two years, paperless
    outcome = 1 / (1 + exp(-(-0.5 + 0.8 + 0.4 / 30 * 20 - 0.7 + 0.2)))
    assert answer["changes"] == [
        {
            "changes": {"charges": 80.0, "contract": "Two year"},
            "follows": ["charges"],
            "prediction": pytest.approx(outcome),
            "label": 1,
        }
    ]


def test_model_file_that_says_nonsense_of_what_goes_together_is_a_fault(
    ask_what_if, document, pack, s3, record
):
    document["schema"]["companions"] = {"apart": [[[0], [9]]]}
    s3.stored.body = pack(document)

    status, _, answer = ask_what_if({"record": record})

    assert status == 500
    assert "companions" not in answer["error"]


def test_ten_single_changes_and_ten_pairs_without_a_limit(ask_what_if, record):
    sizes = [len(change["changes"]) for change in ask_what_if({"record": record})[2]["changes"]]

    assert (sizes.count(1), sizes.count(2)) == (10, 10)


def test_label_follows_the_models_threshold(ask_what_if, document, pack, s3, record):
    document["schema"]["threshold"] = 0.6
    s3.stored.body = pack(document)

    _, _, answer = ask_what_if({"record": record, "fields": ["contract"]})

    assert (answer["label"], [change["label"] for change in answer["changes"]]) == (1, [0])


def test_event_with_a_record_and_nothing_else_is_a_what_if(store, context, record):
    assert store

    answer = app.lambda_handler({"record": record, "limit": 1}, context)

    assert answer["statusCode"] == 200
    assert len(json.loads(answer["body"])["changes"]) == 2


def test_record_that_can_not_be_scored_says_why(ask_what_if, record):
    del record["tenure"]

    status, _, answer = ask_what_if({"record": record | {"charges": "x"}})

    assert (status, answer) == (
        422,
        {
            "error": "record.tenure: missing",
            "errors": [
                {"record": 0, "field": "tenure", "message": "missing"},
                {"record": 0, "field": "charges", "message": "expected a number, got text"},
            ],
        },
    )


COUNT = "limit: expected a whole number from 1 to 100"
FIELDS = "fields: expected a list of field names"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"record": None}, "record: expected an object"),
        ({"record": [{}]}, "record: expected an object"),
        ({"records": []}, 'unknown member "records"; did you mean "record"?'),
        ({"field": ["contract"]}, 'unknown member "field"; did you mean "fields"?'),
        ({"limit": 0}, COUNT),
        ({"limit": 101}, COUNT),
        ({"limit": None}, COUNT),
        ({"threshold": 2}, "threshold: expected a number from 0 to 1"),
        ({"fields": []}, FIELDS),
        ({"fields": "contract"}, FIELDS),
        ({"fields": ["contract", 1]}, FIELDS),
        (
            {"fields": ["contract", "tenure"]},
            'fields[1]: "tenure" may not change; these may: charges, contract, paperless',
        ),
        (
            {"fields": ["Contracts"]},
            'fields[0]: the model has no such field; did you mean "contract"?',
        ),
        ({"fields": ["colour"]}, "fields[0]: the model has no such field"),
        ({"fields": ["contract" * 100]}, "fields[0]: the model has no such field"),
    ],
)
def test_unusable_request_is_told_why(ask_what_if, record, change, message):
    status, _, answer = ask_what_if({"record": record} | change)

    assert (status, answer) == (400, {"error": message})


def test_body_that_is_no_object_is_refused(ask_what_if):
    expected = {"error": 'body: expected an object, {"record": {...}}'}

    assert ask_what_if("[]")[::2] == (400, expected)


def test_table_is_refused(ask_what_if):
    status, _, answer = ask_what_if("tenure\n1\n", headers={"content-type": "text/csv"})

    assert (status, answer) == (415, {"error": "content-type: expected application/json"})


def test_model_file_that_allows_no_change_says_so(ask_what_if, document, pack, s3, record):
    for spec in document["schema"]["features"]:
        spec["changeable"] = False
    s3.stored.body = pack(document)

    status, _, answer = ask_what_if({"record": record})

    assert (status, answer) == (
        400,
        {"error": "fields: this model's file allows no field to change"},
    )


def test_no_customer_is_counted_twice(ask_what_if, record, capsys):
    ask_what_if({"record": record})

    line = json.loads(capsys.readouterr().out)
    assert line["route"] == "POST /whatif"
    assert {"Records", "Churners"} & set(line) == set()


def test_other_methods_are_refused(ask):
    status, headers, answer = ask("GET", "/whatif")

    assert (status, headers["allow"], answer) == (
        405,
        "POST",
        {"error": "this path takes POST only"},
    )


def try_all(ask, record, fields):
    """Return the prediction, and what each change leads to that the answer should list."""
    now = dict(record) | ({"paperless": "Yes"} if record["paperless"] == "" else {})
    single = [{f: value} for f in VALUES if f in fields for value in VALUES[f] if value != now[f]]
    pairs = [a | b for a, b in combinations(single, 2) if a.keys() != b.keys()]
    bodies = [record, *(record | change for change in (*single, *pairs))]
    first, *outcomes = ask(body={"records": bodies})[2]["predictions"]
    reached = {json.dumps(c): p for c, p in zip((*single, *pairs), outcomes, strict=True)}
    listed = [
        (outcome, change)
        for change, outcome in reached.items()
        if outcome < first
        and all(
            outcome < reached[json.dumps({field: value})]
            for field, value in json.loads(change).items()
            if len(json.loads(change)) > 1
        )
    ]
    return [first], listed, len(outcomes)


def outline(change):
    return change["prediction"], json.dumps(change["changes"])
