import pytest

from inference.errors import BodyError, TooLargeError
from inference.http_api.options import read_count, read_options, read_records, read_threshold

THRESHOLD = "threshold: expected a number from 0 to 1"


def read(document, query=None):
    return read_options(document, query or {}, "records", {"threshold": read_threshold})


def message_of(document, query=None):
    with pytest.raises(BodyError) as caught:
        read(document, query)
    return caught.value.message


def test_records_and_options_are_told_apart():
    document = {"records": [{"a": 1}, None], "threshold": 1}

    assert read_records(document) == [{"a": 1}, None]
    assert read(document) == {"threshold": 1.0}


def test_option_that_is_not_asked_for_is_not_there():
    assert read({"records": [0]}) == {}


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_threshold_may_be_either_end(value):
    assert read({"threshold": value}) == {"threshold": value}


@pytest.mark.parametrize(("value", "count"), [(1, 1), (7, 7), (7.0, 7)])
def test_count_goes_from_1_to_its_limit(value, count):
    assert read_count("limit", value, 7) == count


@pytest.mark.parametrize("value", [0, 8, 0.5, 1.5, 7.5, -1, True, "3", None, [1], float("inf")])
def test_other_counts_are_refused(value):
    with pytest.raises(BodyError) as caught:
        read_count("limit", value, 7)

    assert caught.value.message == "limit: expected a whole number from 1 to 7"


@pytest.mark.parametrize("value", [-0.1, 1.1, 10**400, "0.5", None, True, [], {}, float("inf")])
def test_threshold_is_a_number_from_0_to_1(value):
    assert message_of({"records": [1], "threshold": value}) == THRESHOLD


def test_threshold_may_stand_in_the_query():
    assert read({"records": [1]}, {"threshold": "0.25"}) == {"threshold": 0.25}


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

    assert read(document, {"threshold": "0.25"}) == {"threshold": 0.5}


def test_overruled_option_is_checked_all_the_same():
    assert message_of({"records": [1], "threshold": 0.5}, {"threshold": "7"}) == THRESHOLD


def test_parameter_that_is_nearly_an_option_is_refused():
    message = message_of({"records": [1]}, {"treshold": "0.5"})

    assert message == 'unknown member "treshold"; did you mean "threshold"?'


def test_other_members_and_parameters_are_ignored():
    document = {"records": [1], "source": "crm", "x" * 1000: 1}

    assert read(document, {"utm": "x"}) == {}


@pytest.mark.parametrize(
    ("name", "meant"),
    [("treshold", "threshold"), ("Threshold", "threshold"), ("record", "records")],
)
def test_member_that_is_nearly_ours_is_refused(name, meant):
    assert message_of({name: [1]}) == f'unknown member "{name}"; did you mean "{meant}"?'


@pytest.mark.parametrize(("count", "is_compared"), [(99, True), (100, False)])
def test_100_unknown_members_are_compared_with_ours(count, is_compared):
    document = {f"x{number}": 1 for number in range(count)} | {"treshold": 0.5}

    if is_compared:
        assert message_of(document) == 'unknown member "treshold"; did you mean "threshold"?'
    else:
        assert read(document) == {}


@pytest.mark.parametrize("records", [[], None, {}, {"a": 1}, "a", 3])
def test_records_are_a_list_of_at_least_one(records):
    with pytest.raises(BodyError) as caught:
        read_records({"records": records})

    assert caught.value.message == "records: expected a list of 1 to 10,000 objects"


def test_records_are_at_most_10_000():
    assert len(read_records({"records": [0] * 10_000})) == 10_000

    with pytest.raises(TooLargeError) as caught:
        read_records({"records": [0] * 10_001})

    assert caught.value.message == "records: expected at most 10,000, got 10,001"
