import pytest

from inference.errors import BodyError, TooLargeError
from inference.http_api.options import read_members

THRESHOLD = "threshold: expected a number from 0 to 1"


def message_of(document, query=None):
    with pytest.raises(BodyError) as caught:
        read_members(document, query or {})
    return caught.value.message


def test_records_and_options_are_told_apart():
    records = [{"a": 1}, None]

    assert read_members({"records": records, "threshold": 1}, {}) == (records, {"threshold": 1.0})


def test_option_that_is_not_asked_for_is_not_there():
    assert read_members({"records": [0]}, {}) == ([0], {})


@pytest.mark.parametrize("value", [-0.1, 1.1, 10**400, "0.5", None, True, [], {}, float("inf")])
def test_threshold_is_a_number_from_0_to_1(value):
    assert message_of({"records": [1], "threshold": value}) == THRESHOLD


def test_threshold_may_stand_in_the_query():
    assert read_members({"records": [1]}, {"threshold": "0.25"}) == ([1], {"threshold": 0.25})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "threshold: expected a JSON value in the query"),
        ("half", "threshold: expected a JSON value in the query"),
        ("0.1,0.2", "threshold: expected a JSON value in the query"),
        ('"0.5"', THRESHOLD),
        ("2", THRESHOLD),
    ],
)
def test_threshold_in_the_query_is_as_strict(text, message):
    assert message_of({"records": [1]}, {"threshold": text}) == message


def test_option_of_the_body_overrules_the_querys():
    document = {"records": [1], "threshold": 0.5}

    assert read_members(document, {"threshold": "0.25"}) == ([1], {"threshold": 0.5})


def test_overruled_option_is_checked_all_the_same():
    assert message_of({"records": [1], "threshold": 0.5}, {"threshold": "7"}) == THRESHOLD


def test_parameter_that_is_nearly_an_option_is_refused():
    message = message_of({"records": [1]}, {"treshold": "0.5"})

    assert message == 'unknown member "treshold"; did you mean "threshold"?'


def test_other_members_and_parameters_are_ignored():
    document = {"records": [1], "source": "crm", "x" * 1000: 1}

    assert read_members(document, {"utm": "x"}) == ([1], {})


@pytest.mark.parametrize(
    ("name", "meant"),
    [("treshold", "threshold"), ("Threshold", "threshold"), ("record", "records")],
)
def test_member_that_is_nearly_ours_is_refused(name, meant):
    assert message_of({name: [1]}) == f'unknown member "{name}"; did you mean "{meant}"?'


@pytest.mark.parametrize("document", [None, [], [{"a": 1}], "records", 5])
def test_body_that_is_no_object_is_refused(document):
    assert message_of(document) == 'body: expected an object, {"records": [...]}'


@pytest.mark.parametrize("records", [[], None, {}, {"a": 1}, "a", 3])
def test_records_are_a_list_of_at_least_one(records):
    assert message_of({"records": records}) == "records: expected a list of 1 to 10,000 objects"


def test_records_are_at_most_10_000():
    assert len(read_members({"records": [0] * 10_000}, {})[0]) == 10_000

    with pytest.raises(TooLargeError) as caught:
        read_members({"records": [0] * 10_001}, {})

    assert caught.value.message == "records: expected at most 10,000, got 10,001"
