import pytest

from inference.scoring.number_format import find_unit, read_formatted_number


@pytest.mark.parametrize(
    ("text", "decimal", "unit", "number"),
    [
        ("1.234,5", ",", None, 1234.5),
        ("1,234.5", ".", None, 1234.5),
        ("1,234,567", ".", None, 1_234_567.0),
        ("1 234,5", ",", None, 1234.5),
        ("1\u00a0234\u00a0567,5", ",", None, 1_234_567.5),
        ("1'234.5", ".", None, 1234.5),
        ("-0,25", ",", None, -0.25),
        (" +7 ", ",", None, 7.0),
        (",5", ",", None, 0.5),
        ("7,", ",", None, 7.0),
        ("1,2E+03", ",", None, 1200.0),
        ("12345,5", ",", None, 12_345.5),
        ("12,50 €", ",", "€", 12.5),
        ("12,55€", ",", "€", 12.55),
        ("€ 12.50", ".", "€", 12.5),
        ("-€3", ".", "€", -3.0),
        ("€ 12,50", ",", "€", 12.5),
        ("7", ",", "€", 7.0),
        ("0,1000000000000000055511151231257827", ",", None, 0.1),
    ],
)
def test_number_is_read_by_its_decimal_mark(text, decimal, unit, number):
    assert read_formatted_number(text, decimal, unit) == number


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("12.5", ","),  # a group has three digits
        ("1.2345", ","),
        ("0.125", ","),  # no group begins with nought alone
        ("1.234 567", ","),  # two kinds of groups
        ("1,23,456", "."),
        ("1,5,5", ","),
        ("€5", "."),
        ("", "."),
        ("-", "."),
        (",", ","),
        ("e5", "."),
        ("1e999", "."),
        ("\u0661", "."),
        ("1 2", "."),
    ],
)
def test_anything_else_is_no_number(text, decimal):
    assert read_formatted_number(text, decimal) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [("12 €", "€"), ("$5", "$"), ("R$ 5", "R$"), ("5 CHF", "CHF"), ("12", None), ("x", None)],
)
def test_currency_is_what_stands_beside_a_number(text, unit):
    assert find_unit(text) == unit
