from math import isnan

import pytest

from inference.scoring.artifact import load_artifact
from inference.scoring.records import UNSEEN, RecordError, encode_record

OUT_OF_RANGE = "outside the training range 0.0 to 72.0"
UNSEEN_CATEGORY = "category not seen in training; scored as none of the known ones"


@pytest.fixture
def features(artifact):
    return artifact.features


def problems_of(record, features, **options):
    with pytest.raises(RecordError) as caught:
        encode_record(record, features, **options)
    return caught.value.problems


def test_clean_record_becomes_a_row_in_the_schemas_order(features, record):
    backwards = dict(reversed(record.items()))

    row = encode_record(backwards, features)

    assert row == ((10.0, 90.0), ("Month-to-month", "Yes"), [])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        pytest.param(12, 12.0, id="integer"),
        pytest.param(12.5, 12.5, id="fraction"),
        pytest.param("12.5", 12.5, id="text"),
        pytest.param(" 12 ", 12.0, id="text with spaces"),
        pytest.param("1.25e1", 12.5, id="exponent"),
        pytest.param("+.5E+1", 5.0, id="sign and no leading zero"),
        pytest.param("12.", 12.0, id="no trailing zero"),
        pytest.param("-0", 0.0, id="minus zero"),
    ],
)
def test_number_may_be_a_number_or_a_numeric_text(features, record, value, number):
    record["tenure"] = value

    assert encode_record(record, features) == ((number, 90.0), ("Month-to-month", "Yes"), [])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param("many", "expected a number, got text", id="word"),
        pytest.param("1_000", "expected a number, got text", id="underscore"),
        pytest.param("0x1F", "expected a number, got text", id="hex"),
        pytest.param("1,5", "expected a number, got text", id="comma"),
        pytest.param("nan", "expected a number, got text", id="nan as text"),
        pytest.param("Infinity", "expected a number, got text", id="infinity as text"),
        pytest.param("\u0663", "expected a number, got text", id="arabic digit"),
        pytest.param("--5", "expected a number, got text", id="two signs"),
        pytest.param("e", "expected a number, got text", id="lone exponent"),
        pytest.param("1e999", "expected a finite number", id="text beyond a double"),
        pytest.param(10**400, "expected a finite number", id="integer beyond a double"),
        pytest.param(float("inf"), "expected a finite number", id="infinity"),
        pytest.param(float("nan"), "expected a finite number", id="nan"),
        pytest.param(True, "expected a number, got true or false", id="true"),
        pytest.param(False, "expected a number, got true or false", id="false"),
        pytest.param([5], "expected a number, got a list", id="list"),
        pytest.param({"value": 5}, "expected a number, got an object", id="object"),
        pytest.param(b"5", "expected a number, got something else", id="not from JSON"),
    ],
)
def test_what_is_no_number_is_refused_without_quoting_it(features, record, value, message):
    record["tenure"] = value

    assert problems_of(record, features) == [("tenure", message)]


@pytest.mark.parametrize("value", [None, "", "  \t"], ids=["null", "empty", "white space"])
def test_blank_is_imputed_as_in_training_and_said(features, record, value):
    blank = dict.fromkeys(record, value)

    row = encode_record(blank, features)

    assert row == (
        (29.0, 70.5),
        ("Month-to-month", "Yes"),
        [
            ("tenure", "blank; scored as 29.0, as in training"),
            ("charges", "blank; scored as 70.5, as in training"),
            ("contract", 'blank; scored as "Month-to-month", as in training'),
            ("paperless", 'blank; scored as "Yes", as in training'),
        ],
    )


def test_blank_stays_missing_where_training_kept_it(features, record):
    features[0]["blank"] = features[2]["blank"] = None

    numbers, categories, warnings = encode_record(dict.fromkeys(record), features)

    assert isnan(numbers[0])
    assert categories == (UNSEEN, "Yes")
    assert warnings[0] == ("tenure", "blank; scored as missing, as in training")
    assert warnings[2] == ("contract", "blank; scored as none of the known categories")


@pytest.mark.parametrize("tenure", [-0.5, 72.1, "73"])
def test_number_outside_the_training_range_warns(features, record, tenure):
    record["tenure"] = tenure

    numbers, _, warnings = encode_record(record, features)

    assert numbers == (float(tenure), 90.0)
    assert warnings == [("tenure", OUT_OF_RANGE)]


@pytest.mark.parametrize("tenure", [0, 72])
def test_ends_of_the_training_range_are_inside(features, record, tenure):
    record["tenure"] = tenure

    assert encode_record(record, features)[2] == []


def test_number_without_a_known_range_never_warns(features, record):
    features[0]["min"] = features[0]["max"] = None
    record["tenure"] = 1e300

    assert encode_record(record, features) == ((1e300, 90.0), ("Month-to-month", "Yes"), [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        pytest.param("Weekly", UNSEEN_CATEGORY, id="new"),
        pytest.param(
            "two year", f'{UNSEEN_CATEGORY}; did you mean "Two year"?', id="other capitals"
        ),
        pytest.param(
            " Two year", f'{UNSEEN_CATEGORY}; did you mean "Two year"?', id="space in front"
        ),
    ],
)
def test_unseen_category_warns(features, record, value, warning):
    record["contract"] = value

    assert encode_record(record, features) == (
        (10.0, 90.0),
        (UNSEEN, "Yes"),
        [("contract", warning)],
    )


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (5, "a number"),
        (0.5, "a number"),
        (True, "true or false"),
        ([], "a list"),
        ({}, "an object"),
    ],
)
def test_category_of_another_type_is_refused(features, record, value, got):
    record["contract"] = value

    assert problems_of(record, features) == [("contract", f"expected text, got {got}")]


@pytest.mark.parametrize(
    ("categories", "value", "expected"),
    [
        pytest.param(["0", "1"], 1, "1", id="integer"),
        pytest.param(["0", "1"], 1.0, "1", id="whole fraction"),
        pytest.param(["0.5", "1.5"], 0.5, "0.5", id="fraction"),
        pytest.param(["1.0", "2.0"], 1.0, "1.0", id="fraction in the table"),
        pytest.param(["False", "True"], True, "True", id="true"),
        pytest.param(["FALSE", "TRUE"], False, "FALSE", id="false"),
        pytest.param(["1.0", "2.0"], 1, "1.0", id="integer, a fraction in the table"),
        pytest.param(["1.0", "1"], 1.0, "1", id="both in the table"),
        pytest.param(["-1", "none"], -1, "-1", id="some are numbers"),
    ],
)
def test_category_may_be_the_json_value_that_the_csv_spells(
    features, record, categories, value, expected
):
    features[2]["categories"] = categories
    record["contract"] = value

    assert encode_record(record, features)[1:] == ((expected, "Yes"), [])


@pytest.mark.parametrize("value", [[], {}])
def test_list_is_no_category_where_categories_are_numbers(features, record, value):
    features[2]["categories"] = ["1", "2"]
    record["contract"] = value

    (problem,) = problems_of(record, features)
    assert problem[1].startswith("expected text, got ")


@pytest.mark.parametrize(
    ("value", "warnings"),
    [
        pytest.param("Weekly", [], id="another text"),
        pytest.param(
            "two year",
            [("contract", 'scored as one of the rare categories; did you mean "Two year"?')],
            id="misspelt",
        ),
        pytest.param(
            None, [("contract", "blank; scored as one of the rare categories")], id="blank"
        ),
    ],
)
def test_text_that_is_not_listed_counts_as_rare_where_there_are_rare_ones(
    features, record, value, warnings
):
    features[2] |= {"rare": True, "blank": None}
    record["contract"] = value

    assert encode_record(record, features)[1:] == ((UNSEEN, "Yes"), warnings)


@pytest.mark.parametrize("value", [3, 10**400, float("inf")], ids=["3", "long", "infinity"])
def test_unseen_number_as_category_warns(features, record, value):
    features[2]["categories"] = ["1", "2"]
    record["contract"] = value

    assert encode_record(record, features)[1:] == (
        (UNSEEN, "Yes"),
        [("contract", UNSEEN_CATEGORY)],
    )


def test_all_bad_fields_are_reported_together_in_field_order(features):
    record = {"paperless": 1, "contract": "Two year", "tenure": "x"}

    assert problems_of(record, features) == [
        ("tenure", "expected a number, got text"),
        ("charges", "missing"),
        ("paperless", "expected text, got a number"),
    ]


@pytest.mark.parametrize("name", ["Tenure", "TENURE", " tenure", "ten_ure", "tenur", "tenuer"])
def test_misspelt_field_gets_a_suggestion(features, record, name):
    record[name] = record.pop("tenure")

    assert problems_of(record, features) == [
        ("tenure", f'missing; unknown field "{name}"; did you mean "tenure"?')
    ]


@pytest.mark.parametrize(("others", "is_found"), [(99, True), (100, False)])
def test_100_unknown_fields_are_looked_at(features, record, others, is_found):
    del record["tenure"]
    record |= {f"x{number}": 1 for number in range(others)} | {"Tenure": 10}

    hint = '; unknown field "Tenure"; did you mean "tenure"?' if is_found else ""
    assert problems_of(record, features) == [("tenure", f"missing{hint}")]


@pytest.mark.parametrize("name", ["age", "ten years and more", "Contract2"])
def test_field_that_is_not_alike_gets_none(features, record, name):
    record[name] = record.pop("tenure")

    assert problems_of(record, features) == [("tenure", "missing")]


def test_suggestions_can_be_left_out(features, record):
    record["Tenure"] = record.pop("tenure")

    assert problems_of(record, features, has_suggestions=False) == [("tenure", "missing")]


def test_unknown_fields_are_ignored(features, record):
    record |= {"customerID": "A", "notes": {"deep": [1]}}

    assert encode_record(record, features) == ((10.0, 90.0), ("Month-to-month", "Yes"), [])


@pytest.mark.parametrize(
    ("record", "got"),
    [
        (None, "null"),
        ([], "a list"),
        ("x", "text"),
        (1, "a number"),
        (1.5, "a number"),
        (True, "true or false"),
    ],
)
def test_record_that_is_no_object_is_refused(features, record, got):
    assert problems_of(record, features) == [(None, f"expected an object, got {got}")]


@pytest.fixture
def spreadsheet(document, pack):
    """The features of a table that a spreadsheet wrote, with a decimal comma."""
    tenure, charges, contract, _ = document["schema"]["features"]
    tenure |= {"missing": ["NA", "-"]}
    charges |= {"number_format": {"decimal": ",", "unit": "€"}}
    contract |= {"missing": ["?"], "spellings": {"TWO YEAR": "Two year"}}
    return load_artifact(pack(document)).features


@pytest.mark.parametrize(
    ("fields", "numbers", "categories"),
    [
        ({"charges": "90,5 €"}, (10.0, 90.5), ("Month-to-month", "Yes")),
        ({"charges": "€ 90"}, (10.0, 90.0), ("Month-to-month", "Yes")),
        ({"charges": 90.5}, (10.0, 90.5), ("Month-to-month", "Yes")),
        ({"contract": "TWO YEAR"}, (10.0, 90.0), ("Two year", "Yes")),
    ],
)
def test_record_is_read_as_training_read_the_table(
    spreadsheet, record, fields, numbers, categories
):
    assert encode_record(record | fields, spreadsheet) == (numbers, categories, [])


def test_text_that_training_took_for_missing_is_blank(spreadsheet, record):
    marked = record | {"tenure": " NA ", "contract": "?"}
    blank = record | {"tenure": None, "contract": None}

    assert encode_record(marked, spreadsheet) == encode_record(blank, spreadsheet)


def test_number_with_the_other_decimal_mark_is_refused(spreadsheet, record):
    assert problems_of(record | {"charges": "90.5"}, spreadsheet) == [
        ("charges", "expected a number with a decimal comma, got text")
    ]
