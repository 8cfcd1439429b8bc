"""Reasons and offers as a caller gets them: in JSON, in CSV, and through the query."""

import csv
import io
import json
import subprocess
import sys

import pytest

from inference.advice.economics import expected_gain

FIGURES = {"value": 600, "cost": 50, "success": 0.3}
TABLE = (
    "tenure,charges,contract,paperless\n"
    "10,90,Month-to-month,Yes\n"
    "x,90,Two year,Yes\n"
    "70,20,Two year,No\n"
    "30,90,Month-to-month,No\n"
)
CSV = {"content-type": "text/csv"}


@pytest.fixture
def records(record):
    """A churner, one that can't be scored, one who stays, another churner."""
    return [
        record,
        record | {"tenure": "x"},
        {"tenure": 70, "charges": 20, "contract": "Two year", "paperless": "No"},
        record | {"tenure": 30, "paperless": "No"},
    ]


def test_clean_answer_without_options_has_neither(ask, record):
    assert list(ask(body={"records": [record]})[2]) == ["predictions", "labels"]


def test_reasons_and_offers_stand_beside_the_predictions(ask, records):
    status, _, answer = ask(body={"records": records, "reasons": 2, "economics": FIGURES})

    assert status == 200
    assert list(answer) == [
        *("predictions", "labels", "error", "errors"),
        *("reasons", "base", "unit", "expected_gain", "offers"),
    ]
    assert [listed and len(listed) for listed in answer["reasons"]] == [2, None, 2, 2]
    gains = [p if p is None else expected_gain(p, **FIGURES) for p in answer["predictions"]]
    assert answer["expected_gain"] == gains
    assert answer["offers"] == {
        "records": [0, 3],
        "spend_at_most": 100,
        "expected_gain": pytest.approx(gains[0] + gains[3]),
    }


def test_predictions_are_the_same_with_and_without(ask, records):
    plain = ask(body={"records": records})[2]

    advised = ask(body={"records": records, "reasons": 4, "economics": FIGURES})[2]

    assert {name: advised[name] for name in plain} == plain


def test_models_own_figures_count_where_the_request_has_none(ask, document, pack, s3, record):
    document["schema"]["economics"] = FIGURES
    s3.stored.body = pack(document)
    stated = ask(body={"records": [record], "economics": FIGURES | {"budget": 49}})[2]

    assert ask(body={"records": [record], "economics": {"budget": 49}})[2] == stated
    assert ask(body={"records": [record], "economics": True})[2]["offers"]["records"] == [0]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"economics": True}, "economics.value: missing; this model's file has no default"),
        ({"reasons": 0}, "reasons: expected a whole number from 1 to 1,000"),
        ({"reasons": 1001}, "reasons: expected a whole number from 1 to 1,000"),
        ({"reasons": 1.5}, "reasons: expected a whole number from 1 to 1,000"),
        ({"reasons": True}, "reasons: expected a whole number from 1 to 1,000"),
        ({"reasons": "3"}, "reasons: expected a whole number from 1 to 1,000"),
        ({"reason": 3}, 'unknown member "reason"; did you mean "reasons"?'),
        ({"economic": {}}, 'unknown member "economic"; did you mean "economics"?'),
    ],
)
def test_unusable_option_is_refused(ask, record, option, message):
    status, _, answer = ask(body={"records": [record], **option})

    assert (status, answer) == (400, {"error": message})


def test_whole_number_may_be_written_with_a_point(ask, record):
    body = json.dumps({"records": [record], "reasons": 3}).replace("3}", "3.0}")

    assert len(ask(body=body)[2]["reasons"][0]) == 3


def test_csv_has_a_column_for_each(ask, records):
    query = {"reasons": "2", "economics": json.dumps(FIGURES | {"budget": 50})}
    expected = ask(body={"records": records, "reasons": 2, "economics": FIGURES})[2]

    status, _, text = ask(body=TABLE, headers=CSV, query=query)

    header, *rows = csv.reader(io.StringIO(text))
    assert (status, header) == (
        200,
        [
            *("tenure", "charges", "contract", "paperless", "churn_probability", "churn_label"),
            *("churn_reason_1", "churn_effect_1", "churn_reason_2", "churn_effect_2"),
            *("churn_expected_gain", "churn_offer_rank", "error"),
        ],
    )
    for row, reasons in zip(rows, expected["reasons"], strict=True):
        told = [text for r in reasons or () for text in (r["feature"], repr(r["effect"]))]
        assert row[6:10] == (told or [""] * 4)
    assert rows[1][4:] == [""] * 8 + ["tenure: expected a number, got text"]
    assert [row[10] for row in rows] == [
        "" if gain is None else repr(gain) for gain in expected["expected_gain"]
    ]
    assert [row[11] for row in rows] == ["1", "", "", ""]


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ({"reasons": "1"}, ["churn_reason_1", "churn_effect_1"]),
        ({"economics": json.dumps(FIGURES)}, ["churn_expected_gain", "churn_offer_rank"]),
    ],
    ids=["reasons", "economics"],
)
def test_csv_has_no_column_for_what_is_not_asked_for(ask, query, columns):
    _, _, text = ask(body=TABLE, headers=CSV, query=query)

    assert text.splitlines()[0].split(",")[4:] == [
        *("churn_probability", "churn_label", *columns, "error")
    ]


def test_csv_column_that_is_there_already_is_refused(ask):
    table = "tenure,charges,contract,paperless,churn_offer_rank\n10,90,Two year,Yes,1\n"
    query = {"economics": json.dumps(FIGURES)}

    status, _, answer = ask(body=table, headers=CSV, query=query)

    assert (status, answer) == (
        400,
        {"error": 'rename the field "churn_offer_rank": the answer adds a column of that name'},
    )


def test_nothing_of_it_is_loaded_until_asked_for(document, pack, record):
    program = (
        "import sys, app\n"
        "from inference.scoring.artifact import load_artifact\n"
        "artifact = load_artifact(sys.stdin.buffer.read())\n"
        f"app.import_module('inference.endpoints.predict').respond("
        f"app.read_request({{'records': [{record}]}}), lambda: artifact)\n"
        "print(*sys.modules)\n"
    )

    result = subprocess.run(  # noqa: S603  the lines above
        [sys.executable, "-c", program], input=pack(document), capture_output=True, check=True
    )

    loaded = set(result.stdout.decode().split())
    assert "inference.endpoints.predict" in loaded
    assert not {name for name in loaded if name.startswith("inference.advice")}
    assert loaded.isdisjoint({"inference.endpoints.additions", "inference.endpoints.whatif"})
