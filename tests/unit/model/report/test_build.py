import pytest

from model.errors import ModelError
from model.report.build import Report, write_report


def test_page_and_plots_are_written(tmp_path):
    page = write_report(Report(b"<p>", {"roc": b"png"}), tmp_path / "build")

    assert page == tmp_path / "build" / "report.html"
    assert page.read_bytes() == b"<p>"
    assert (tmp_path / "build" / "report" / "roc.png").read_bytes() == b"png"


def test_plots_of_another_model_are_removed_and_nothing_else(tmp_path):
    """Segments and features that this table doesn't have."""
    old = {"roc": b"1", "segments": b"1", "effect-01-a": b"1", "effect-02-b": b"1"}
    write_report(Report(b"", old), tmp_path)
    (tmp_path / "report" / "mine.png").write_bytes(b"")

    write_report(Report(b"", {"roc": b"2", "effect-01-a": b"2"}), tmp_path)

    names = sorted(path.name for path in (tmp_path / "report").iterdir())
    assert names == ["effect-01-a.png", "mine.png", "roc.png"]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    out = tmp_path / "build"
    out.write_text("a file")

    with pytest.raises(ModelError) as caught:
        write_report(Report(b"", {"roc": b""}), out)

    assert str(caught.value) == f"{out}/report/roc.png: can't be written (Not a directory)"
