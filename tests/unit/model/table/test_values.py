import pytest

from model.table.values import is_blank, is_placeholder, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("29.85", 29.85),
        (" 7 ", 7.0),
        ("-.5", -0.5),
        ("+5.", 5.0),
        ("1e3", 1000.0),
        ("007", 7.0),
        ("0.1000000000000000055511151231257827", 0.1),  # the double nearest to it, to the last bit
    ],
)
def test_decimal_numbers_are_read(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "x", "nan", "inf", "-Infinity", "1e999", "1_000", "0x10", "1,5", "٣", "1 2", "True"],
)
def test_anything_else_is_no_number(text):
    assert read_number(text) is None


def test_blank_is_nothing_white_space_or_what_the_user_calls_blank():
    assert [is_blank(text) for text in ("", " \t", "\u00a0", "NA", "0")] == [True] * 3 + [False] * 2
    assert [is_blank(text, ("NA",)) for text in (" NA ", "na", "")] == [True, False, True]


def test_placeholders_of_other_programs_are_known():
    assert all(map(is_placeholder, ["NA", "n/a", "#N/A", "NaN", "NULL", " ? ", "--", ".", "-Inf"]))
    assert not any(map(is_placeholder, ["4+", "North", "-5", "", "None of these"]))
