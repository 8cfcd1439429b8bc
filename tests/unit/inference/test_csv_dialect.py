import pytest

from inference.csv_dialect import BEGINNING, find_delimiters, find_encoding, is_windows_1252


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


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("sep=;\r\na,b;c\r\n1,2;3\r\n", ";"), ("sep=,\na,b\n1;2,3\n", ","), ("sep=\t\na\tb\n", "\t")],
)
def test_delimiter_that_excel_declares_counts(text, delimiter):
    assert find_delimiters(text) == [delimiter]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("a,b\n1,Zoë\n".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "a,b\n1,Zoë\n".encode("utf-16-be"), "utf-16"),
        ("a,b\n1,Zoë\n".encode("windows-1252"), "windows-1252"),
        (b"\xef\xbb\xbf" + "a,b\n1,Zoë\n".encode("windows-1252"), None),
        ("a,b\n1,Zoë\n".encode("utf-16-le"), None),
    ],
    ids=["utf-16, little end first", "big end first", "windows", "marked as utf-8", "no mark"],
)
def test_bytes_that_are_not_utf_8_have_one_encoding_or_none(data, encoding):
    assert find_encoding(data) == encoding
