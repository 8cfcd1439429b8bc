"""Files as people have them, and as nobody should: each is understood or told, nothing else."""

import gzip
import time

import pytest
from playwright.sync_api import expect

HEADERS_TWICE = "The column “{}” is there twice."


@pytest.fixture
def table(header_of, model_text):
    """Return the function that joins header and rows; without rows one that can be scored."""
    names, row = header_of(model_text)

    def join(*rows, header=names, mark=","):
        return "\n".join(mark.join(cells) for cells in [header, *(rows or [row])]).encode()

    return join


@pytest.fixture
def names(header_of, model_text):
    return header_of(model_text)[0]


@pytest.fixture
def row(header_of, model_text):
    return header_of(model_text)[1]


def test_empty_file(page, drop):
    assert drop(page, b"") == "The file is empty."


def test_header_alone(page, drop, names):
    assert drop(page, ",".join(names).encode()) == "The file has a header, but no customers."


def test_column_that_is_there_twice(page, drop, table, names, row):
    message = drop(page, table([*row, "x"], header=[*names, names[0]]))

    assert message == HEADERS_TWICE.format(names[0])


def test_misnamed_column_is_named_with_its_likely_other_name(page, drop, table, names, row):
    message = drop(page, table(row, header=[f"{names[0]}_", *names[1:]]))

    assert message == (
        f"Columns are missing: “{names[0]}” (is it your “{names[0]}_”?)."
        " Rename or add them, then drop the file again."
    )


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", gzip.compress(b"a,b\n1,2\n")],
    ids=["png", "gz"],
)
def test_file_that_is_no_table(page, drop, content):
    message = drop(page, content)

    assert message.startswith(("This is no text file", "This doesn't look like a table"))


@pytest.mark.parametrize("mark", [";", "\t"], ids=["semicolons", "tabs"])
def test_other_separators_are_understood(page, drop, table, mark):
    assert drop(page, table(mark=mark)).startswith("1 customers scored")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.decode().encode("utf-16"),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r"),
    ],
    ids=["byte order mark", "utf-16", "crlf", "cr"],
)
def test_ways_of_writing_text_are_understood(page, drop, table, encode):
    assert drop(page, encode(table())).startswith("1 customers scored")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_line_by_which_excel_declares_its_delimiter_is_no_header(page, drop, table, mark):
    assert drop(page, f"sep={mark}\r\n".encode() + table(mark=mark)).startswith(
        "1 customers scored"
    )


def test_windows_1252_is_read_and_said(page, drop, table, names, row):
    content = table([*row, "Müller"], header=[*names, "name"]).decode().encode("cp1252")

    assert drop(page, content).startswith("1 customers scored")
    expect(page.get_by_text("read as Windows-1252")).to_be_visible()


def test_bad_rows_are_told_with_their_lines_and_the_others_go_on(page, drop, table, row):
    message = drop(page, table(row, row[:-1], row))

    assert message.startswith("2 customers scored")
    assert "1 rows can't be scored; see below." in message
    page.click("summary")
    expected = f"expected {len(row)} cells, got {len(row) - 1} (1 in all, line 3)"
    assert page.inner_text("details li") == expected


def test_quote_that_never_closes(page, drop, table, row):
    message = drop(page, table(row, ['"' + "x" * 300_000]))

    assert message == "Line 3: a cell has more than 131,072 characters. Is a quote left open?"


def test_cell_of_a_megabyte(page, drop, table, names, row):
    message = drop(page, table([*row, "x" * 1_000_000], header=[*names, "note"]))

    assert message == "Line 2: a cell has more than 131,072 characters. Is a quote left open?"


def test_thousand_columns(page, drop, table, names, row):
    more = [f"column_{number}" for number in range(1000)]

    assert drop(page, table(row + ["1"] * 1000, header=names + more)).startswith("1 customers")


def test_markup_and_formulas_stay_text(page, drop, table, names, row):
    script = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    header = [*names, script, "=1+1"]

    drop(page, table([*row, script, "=HYPERLINK(0)"], header=header))
    with page.expect_download() as download:
        page.click("text=Save all that are shown")
    saved = download.value.path().read_text("utf-8-sig")

    assert page.locator("main img, main script").count() == 0
    assert saved.splitlines()[0].split(",")[len(names) :][:2] == [script, "'=1+1"]
    assert f"{script},'=HYPERLINK(0)" in saved.splitlines()[1]


def test_quoted_line_breaks_stay_in_their_cell(page, drop, table, names, row):
    content = table([*row, '"two\nlines"'], [*row, "one"], header=[*names, "note"])

    assert drop(page, content).startswith("2 customers scored")


def test_large_file_leaves_the_page_awake_and_can_be_stopped(page, table, row, tmp_path):
    path = tmp_path / "many.csv"
    line = (",".join(row) + "\n").encode()
    path.write_bytes(table() + b"\n" + line * (200_000_000 // len(line)))

    page.set_input_files("#file", path)
    page.wait_for_selector(".big:has-text('customers scored')")
    slowest = 0.0
    for _ in range(20):
        started = time.monotonic()
        page.evaluate("new Promise((done) => setTimeout(done))")
        slowest = max(slowest, time.monotonic() - started)
    page.click("text=Stop")

    assert page.inner_text(".big") == "Drop a file of customers here (CSV)"
    assert slowest < 1.0
