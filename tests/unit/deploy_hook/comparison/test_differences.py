import json

import pytest

from comparison.answer import Answer
from comparison.differences import find_differences

HEADERS = {"content-type": "application/json", "x-model-version": "v1", "x-request-id": "1"}
BODY = {"predictions": [0.25, 0.5], "labels": [0, 1], "warnings": [{"record": 0, "field": "a"}]}
MOVED = {"predictions": [0.25 + 1e-9, 0.5]}


def answer(body=BODY, status=200, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, HEADERS | names, text)


def table(*rows, error=""):
    lines = ["id,churn_probability,error", *(f"{row},{error}" for row in rows)]
    return answer("\r\n".join(lines), content_type="text/csv; charset=utf-8")


def find(live, new, is_document=False):
    return find_differences(live, new, is_document=is_document)


@pytest.mark.parametrize(
    "new",
    [
        answer(),
        answer(x_request_id="2"),
        answer(BODY | {"predictions": [0.25 + 9e-13, 0.5]}),
        answer({name: BODY[name] for name in sorted(BODY)}),
    ],
    ids=["equal", "another request", "a rounding apart", "another order"],
)
def test_same_answer_has_no_difference(new):
    assert find(answer(), new) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (answer(BODY | MOVED), ("body.predictions[]", "off by 1.0e-09")),
        (answer(BODY | {"predictions": [float("nan"), 0.5]}), ("body.predictions[]", "off by nan")),
        (answer(BODY | {"predictions": [0.25]}), ("body.predictions", "1 instead of 2")),
        (answer(BODY | {"predictions": ["0.25", 0.5]}), ("body.predictions[]", "changed")),
        (answer(BODY | {"labels": [False, 1]}), ("body.labels[]", "changed")),
        (answer(BODY | {"warnings": [{"record": 0}]}), ("body.warnings[].field", "lost")),
        (answer(BODY | {"more": 1}), ("body.more", "new")),
        (answer([]), ("body", "changed")),
        (answer("{"), ("body", "not application/json")),
        (answer(status=422), ("status", "422 instead of 200")),
        (answer(x_warnings="1"), ("header x-warnings", "new")),
        (answer(x_model_version="v2"), ("header x-model-version", "changed")),
        (Answer(599, crash="E"), ("answer", "none, the new version ended with E")),
    ],
    ids=lambda value: value[0] + " " + value[1] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_difference_is_told_by_place_and_kind(new, expected):
    assert find(answer(), new) == [expected]


def test_lost_header_is_a_difference():
    assert find(answer(x_warnings="1"), answer()) == [("header x-warnings", "lost")]


def test_error_may_have_the_models_version_or_not():
    """A request that needs no model has it where an earlier one has loaded it."""
    live, new = Answer(404, HEADERS, "{}"), Answer(404, {"content-type": "application/json"}, "{}")

    assert find(live, new) == []


def test_cells_of_a_table_are_compared_as_numbers():
    live = table("a,0.25")

    assert find(live, table("a,0.2500000000000001")) == []
    assert find(live, table("a,0.250000001")) == [("body[].churn_probability", "off by 1.0e-09")]
    assert find(live, table("a,0.25", error="tenure: expected a number")) == [
        ("body[].error", "changed")
    ]


def test_row_without_all_its_cells_is_no_table():
    assert find(table("a,0.25"), table("a")) == [("body", "not text/csv")]


def test_text_that_is_neither_is_compared_as_a_whole():
    live, new = answer("a", content_type="text/plain"), answer("b", content_type="text/plain")

    assert find(live, new) == [("body", "changed")]


def test_document_may_change_but_not_its_type():
    live, new = answer({"openapi": "3.0.3"}), answer({"openapi": "3.1.0"})

    assert find(live, new, is_document=True) == []
    html = answer(content_type="text/html")
    changed = [("header content-type", "changed")]
    assert find(live, html, is_document=True) == find(html, live, is_document=True) == changed


@pytest.mark.parametrize(
    ("live", "new", "expected"),
    [
        (None, answer(), []),
        (None, Answer(503), []),
        (None, Answer(500), [("status", "500, a fault")]),
        (Answer(503), Answer(503), []),
        (Answer(503), answer(), []),
        (Answer(500), Answer(400), []),
        (Answer(500), Answer(503), [("status", "503, a fault")]),
        (Answer(599, crash="ImportError"), answer(), []),
        (Answer(599, crash="E"), Answer(500), [("status", "500, a fault")]),
    ],
)
def test_live_version_that_is_missing_or_broken_is_no_measure(live, new, expected):
    assert find(live, new) == expected


def test_any_status_below_500_is_a_measure():
    assert find(Answer(499), Answer(400)) == [("status", "400 instead of 499")]
