import json

import pytest

from inference.errors import BodyError, TooLargeError
from inference.http_api.json_body import parse_json

TWICE = 'body: "a" stands twice in an object'
CONSTANT = "body: NaN and Infinity aren't JSON; send null for what is unknown"
HALF = "body: half of a surrogate pair stands in a text"
HALF_IN_A = 'body: half of a surrogate pair stands in "a"'
DIGITS = "body: a number has more than 4,300 digits"
LONGEST = "x" * 100  # name that is quoted
NAMELESS = "body: an object has two members of one name"


def twice(name):
    return f'body: "{name}" stands twice in an object'


@pytest.mark.parametrize(
    "value",
    [
        {"records": [{"a": 1, "b": None}, {"a": "x"}], "threshold": 0.5},
        {"records": [{"time": "12:30:00", "a:b": ":"}]},
        {"records": [{"notes": {"a": {"a": {"a": 1}}}}, 5, None, ["a"]]},
        {"records": {"a": 1}},
        {"economics": {"value": 600}},
        [{"a": 1}, {"a": 1}],
        "a : b",
        None,
        -1.5e300,
        {"text": "\u00e9 \u4e2d \U0001f600"},
    ],
    ids=str,
)
def test_json_is_read_as_json_reads_it(value):
    assert parse_json(json.dumps(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False, indent=1)) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "body: expected JSON; it stops making sense at line 1, column 1", id="no"),
        pytest.param(
            '{"records": [}',
            "body: expected JSON; it stops making sense at line 1, column 14",
            id="broken",
        ),
        pytest.param(
            '{"a": 1,\n "b" 2}',
            "body: expected JSON; it stops making sense at line 2, column 6",
            id="second line",
        ),
        pytest.param(
            "{} {}", "body: expected JSON; it stops making sense at line 1, column 4", id="two"
        ),
        pytest.param(
            "\ufeff{}", "body: starts with a byte order mark; send UTF-8 without one", id="BOM"
        ),
        pytest.param("[NaN]", CONSTANT, id="NaN"),
        pytest.param('{"a": -Infinity}', CONSTANT, id="minus infinity"),
        pytest.param('{"a": 1, "a": 1}', TWICE, id="twice"),
        pytest.param('{"a": 1, "\\u0061": 2}', TWICE, id="twice in another spelling"),
        pytest.param('{"records": [{"a": 1}, {"a": 1, "a": 2}]}', TWICE, id="twice in a record"),
        pytest.param('{"records": [{"x": {"a": 1, "a": 2}}]}', TWICE, id="twice deep down"),
        pytest.param('[[{"a": 1, "a": 2}]]', TWICE, id="twice in a list"),
        pytest.param(
            '{"records": [], "records": [{"a": 1}]}', twice("records"), id="records twice"
        ),
        pytest.param('{"a": {"b": 1, "b": 2}}', twice("b"), id="twice in an option"),
        pytest.param('["\\ud800"]', HALF, id="high half"),
        pytest.param('["\\uDC00"]', HALF, id="low half"),
        pytest.param('{"\\udfff": 1}', HALF, id="half in a name"),
        pytest.param('["\\udc00\\ud800"]', HALF, id="halves the wrong way round"),
        pytest.param('{"b": "x", "a": "\\ud800"}', HALF_IN_A, id="half in a member"),
        pytest.param('{"records": [{"a": "x\\ud800"}]}', HALF_IN_A, id="half in a record"),
        pytest.param('{"a": ["\\ud800"]}', HALF, id="half in a list"),
        pytest.param(f'{{"{LONGEST}x": "\\ud800"}}', HALF, id="half in a member of a long name"),
        pytest.param('{"\\ud800": 1, "\\ud800": 2}', NAMELESS, id="half in a name, twice"),
        pytest.param('{"b": 0, "b": 1, "c": 2, "c": 3}', twice("b"), id="two twice"),
        pytest.param(f'{{"{LONGEST}": 1, "{LONGEST}": 2}}', twice(LONGEST), id="longest name"),
        pytest.param(f'{{"{LONGEST}x": 1, "{LONGEST}x": 2}}', NAMELESS, id="long name"),
        pytest.param("9" * 5000, DIGITS, id="5,000 digits"),
        pytest.param('{"a": -' + "1" * 5000 + "}", DIGITS, id="minus 5,000 digits"),
        pytest.param("[" * 100_000 + "]" * 100_000, "body: nested too deep", id="100,000 deep"),
        pytest.param(
            '{"a":' * 100_000 + "1" + "}" * 100_000, "body: nested too deep", id="objects"
        ),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(text, message):
    with pytest.raises(BodyError) as caught:
        parse_json(text)

    assert caught.value.message == message


def test_surrogate_pair_is_one_character():
    assert parse_json('["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_escaped_backslash_is_no_surrogate():
    assert parse_json('["\\\\ud800"]') == ["\\ud800"]


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_more_containers_than_fit_into_memory_are_refused(pair):
    text = "[" + ",".join([pair] * 200_000) + "]"

    with pytest.raises(TooLargeError) as caught:
        parse_json(text)

    assert caught.value.message == "body: expected at most 200,000 objects and lists"
