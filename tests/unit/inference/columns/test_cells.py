import pytest

from inference.columns.cells import read_beside_blanks


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (["10", "", " 7 ", " ", "10"], {"10": 10.0, " 7 ": 7.0}),
        (["", " "], {}),
        (["10", "", "x"], {}),
        (["10", "1_000"], {}),
        (["10", "\u0663"], {}),
    ],
    ids=["blanks", "nothing else", "a word", "an underscore", "another script"],
)
def test_column_is_read_whole_beside_its_blanks_or_not_at_all(column, read):
    assert read_beside_blanks(column) == read
