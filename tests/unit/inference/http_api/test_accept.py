import pytest

from inference.http_api.accept import choose_media_type, takes_gzip

JSON, CSV = "application/json", "text/csv"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param("text/csv", CSV, id="one type"),
        pytest.param("TEXT/CSV", CSV, id="capitals"),
        pytest.param("text/*", CSV, id="family"),
        pytest.param("application/json, text/csv", JSON, id="equal: the offered first"),
        pytest.param("application/json;q=0.5, text/csv", CSV, id="lower quality"),
        pytest.param("application/json ; q=0.5 , text/csv ; q=0.9", CSV, id="spaces"),
        pytest.param("text/csv;q=0.9, */*;q=0.8", CSV, id="the rest less"),
        pytest.param("text/csv;q=0, */*", JSON, id="refused by name"),
        pytest.param("text/*;q=0.2, text/csv, */*;q=0.5", CSV, id="the name overrules the family"),
        pytest.param("text/html", JSON, id="neither"),
        pytest.param("", JSON, id="empty"),
        pytest.param("text/csv;header=present;q=1", CSV, id="other parameters"),
        pytest.param("text/csv;q=high", JSON, id="quality that is no number"),
        pytest.param("text/csv;q=7", JSON, id="quality above 1"),
        pytest.param("application/json;q=-0.5", JSON, id="quality below 0"),
        pytest.param("text/csv;q=nan", JSON, id="quality nan"),
        pytest.param(";;,,;q=", JSON, id="rubbish"),
    ],
)
def test_accept_header_decides(accept, chosen):
    assert choose_media_type(accept, (JSON, CSV)) == chosen


def test_callers_own_form_is_kept_when_both_are_equal():
    assert choose_media_type("text/html, */*;q=0.8", (CSV, JSON)) == CSV


@pytest.mark.parametrize(
    ("accept_encoding", "is_taken"),
    [
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_is_taken_where_it_is_named(accept_encoding, is_taken):
    assert takes_gzip(accept_encoding) is is_taken
