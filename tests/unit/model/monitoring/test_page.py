import pytest

from inference.monitoring.verdict import judge
from model.monitoring.page import build_page, list_rows

VERSION = "20261122T090000Z-0123456789ab"


@pytest.fixture
def windows(model, counted):
    verdict = judge(model, counted, ["contract"])
    return [
        {"day": "2026-11-22", "versions": {}},
        {"day": "2026-11-23", "versions": {"gone": {"customers": 70, "is_judged": False}}},
        {"day": "2026-11-24", "versions": {VERSION: verdict}},
    ]


def test_rows_say_what_each_day_came_to(windows):
    rows = [row for window in windows for row in list_rows(window)]

    assert rows[:2] == [
        ("2026-11-22", "", "0", "", "", "", ""),
        ("2026-11-23", "gone", "70", "not judged", "", "", ""),
    ]
    day, version, customers, unlike, alarm, churn, auc = rows[2]
    assert (day, version, customers) == ("2026-11-24", VERSION, "1,000")
    assert (unlike, alarm) == ("contract", "contract")
    assert churn.startswith("0.35")
    assert auc.startswith("0.7")


def test_an_estimate_that_isnt_defined_is_blank(model, counted):
    counted |= {"customers": 300, "scores": [0, 0, 0]}
    window = {"day": "2026-11-24", "versions": {VERSION: judge(model, counted, [])}}

    [row] = list_rows(window)

    assert row[-2:] == ("", "")


def test_page_has_a_picture_of_each_field_and_of_the_scores(windows, model):
    page = build_page(windows, {VERSION: model})

    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 5
    assert "2026-11-24, any other: 60.0%" in page
    assert "2026-11-22 to 2026-11-24" in page


def test_page_loads_and_runs_nothing(windows, model):
    page = build_page(windows, {VERSION: model})

    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert not [word for word in ("<script", "src=", "href=", "url(") if word in page]


def test_names_from_a_table_stay_text(windows, model):
    model["schema"]["features"][2]["name"] = "<img src=x>"

    page = build_page(windows, {VERSION: model})

    assert "<img" not in page


def test_page_without_windows_says_so():
    assert "no days" in build_page([], {})
