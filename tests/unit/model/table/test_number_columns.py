import pytest

from model.errors import DataError
from model.reading.csv_table import parse_table
from model.table.number_columns import Numbers, find_numbers, is_missing_number


def read(*texts, other=("x", "y"), blanks=()):
    """How a column of texts is read beside another one."""
    rows = [f'"{text}";"{other[row % len(other)]}"' for row, text in enumerate(texts)]
    table = parse_table("t.csv", "\n".join(["a;b", *rows]).encode())
    return find_numbers(table, [table.columns[0]], blanks).get("a")


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "2.5", "", "-3e2"], Numbers()),
        (["1.234", "2.500"], Numbers()),
        (["1,5", "2"], Numbers(",")),
        (["1.234,5", "2"], Numbers(",")),
        (["1,234.5", "2"], Numbers(".")),
        (["1,234,567", "2"], Numbers(".")),
        (["1 234", "5"], Numbers(".")),
        (["€12", "€1,234.00"], Numbers(".", "€")),
        (["12 EUR", "1.234,00 EUR"], Numbers(",", "EUR")),
        (["$12", "13"], Numbers(".", "$")),
        (["12 %", "7,5%", "-3%"], Numbers(",", "%")),
        (["12%", "7.5 %", "NA"], Numbers(".", "%", ("NA",))),
        (["12%", "0.5"], None),
        (["12%", "5"], None),
        (["5", "12%"], None),
        (["1", "NA", "n/a", "?", " - "], Numbers(missing=("NA", "n/a", "?", "-"))),
        (["1,5", "null"], Numbers(",", missing=("null",))),
        (["1,5", "1.5"], None),
        (["12,34,56", "1"], None),
        (["$1", "€1"], None),
        (["1", "two"], None),
        (["NA", "?"], None),
        (["1", "inf"], None),
    ],
)
def test_column_is_read_as_numbers_where_that_is_the_only_reading(texts, numbers):
    assert read(*texts) == numbers


def test_other_columns_tell_the_decimal_mark():
    assert read("1,234", "5", other=("0,5", "12")) == Numbers(",")
    assert read("1,234", "5", other=("0.5", "12")) == Numbers(".")
    assert read("1.234", "5", other=("0,5", "12")) == Numbers(",")


def test_commas_that_may_be_either_are_refused_with_their_line():
    with pytest.raises(DataError) as refusal:
        read("5", "1,234", "2,500", "2,500")

    assert str(refusal.value) == (
        't.csv: column "a": its numbers can be read with a decimal comma or with a comma between '
        "thousands, as in line 4 (and 1 more); write them without the latter, or say "
        '--categorical "a" if these are categories'
    )


def test_text_called_blank_is_missing():
    assert read("5", "-1", blanks=("-1",)) == Numbers(missing=("-1",))


def test_what_the_model_file_says_reads_alike():
    for numbers in (Numbers(), Numbers(",", "€", ("NA",)), Numbers(".")):
        assert Numbers.from_schema(numbers.to_schema()) == numbers
    assert Numbers(",", "€", ("NA",)).to_schema() == {
        "number_format": {"decimal": ",", "unit": "€"},
        "missing": ["NA"],
    }
    assert Numbers().to_schema() == {}
    assert Numbers.from_schema({"missing": ["NA"]}, ["NA", "x"]).missing == ("NA", "x")


def test_only_texts_that_cannot_be_a_number_of_their_own_are_missing():
    assert all(map(is_missing_number, ["NA", "#N/A", "n/a", "NULL", "NaN", "?", "--", "missing"]))
    assert not any(map(is_missing_number, ["none", "nil", ".", "unknown", "inf", "0", "N"]))
