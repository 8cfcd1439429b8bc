import json

import pytest

from comparison.answer import Answer
from comparison.declared import is_declared, read_declared

OLD = {"route": "POST /predict", "where": "status", "what": "An old one."}
NEW = {"route": "POST /predict", "where": "body.warnings", "what": "Warnings say more."}


def described(*changes):
    return Answer(200, {}, json.dumps({"openapi": "3.0.3", "x-changes": changes}))


def test_what_the_new_version_adds_to_the_list_is_declared():
    assert read_declared(described(OLD), described(OLD, NEW)) == {
        ("POST /predict", "body.warnings")
    }


@pytest.mark.parametrize("before", [None, Answer(503), Answer(200, {}, "{}")])
def test_without_an_older_list_all_is_declared(before):
    assert read_declared(before, described(NEW)) == {("POST /predict", "body.warnings")}


def test_version_without_a_description_declares_nothing():
    assert read_declared(described(NEW), Answer(500)) == set()


@pytest.mark.parametrize(
    ("route", "place", "expected"),
    [
        ("POST /predict", "body.warnings", True),
        ("POST /predict", "body.warnings[].field", True),
        ("POST /predict", "body.warnings.x", True),
        ("POST /predict", "body.warningsx", False),
        ("POST /predict", "body", False),
        ("POST /whatif", "body.warnings", False),
    ],
)
def test_declaration_covers_its_place_and_what_lies_below(route, place, expected):
    assert is_declared({("POST /predict", "body.warnings")}, route, place) is expected
