import pytest

from inference.csv_dialect import BEGINNING, find_delimiters, is_windows_1252


@pytest.mark.parametrize(
    ("text", "delimiters"),
    [
        ("a,b\n1,2\n", [","]),
        ("a;b\n1,5;2,5\n", [";"]),
        ("a\tb\n1\t2\n", ["\t"]),
        ('a;"b,c"\n1;2\n', [";"]),
        ("a;b,c\n1;2\n", [";"]),
        ("a;b,c\n1;2,3\n", [",", ";"]),
        ("a;b\n1;2;3\n", [";"]),
        ("a;b\n", [";"]),
        ("\r\n\r\na;b\r\n1;2\r\n", [";"]),
        ("a b\n1 2\n", []),
        ('a;"b\n', []),
        ("", []),
        (f'a;b\n1;"{"x" * BEGINNING}"\n', [";"]),
    ],
)
def test_delimiter_is_what_header_and_first_row_agree_on(text, delimiters):
    assert find_delimiters(text) == delimiters


@pytest.mark.parametrize("text", ["Zoë", "12 €", "„Größe“", "plain"])
def test_text_of_older_excel_is_windows_1252(text):
    assert is_windows_1252(text.encode("windows-1252"))


@pytest.mark.parametrize(
    "data",
    [
        "Zoë".encode(),
        "Zo\xeb and Zoë".encode("latin-1") + "ë".encode(),
        b"\x81",
        b"a\x00",
        b"\xe2\x82",
    ],
    ids=["UTF-8", "UTF-8 in part", "no letter", "UTF-16", "cut off"],
)
def test_bytes_that_may_be_something_else_are_not(data):
    assert not is_windows_1252(data)
