import pytest

from model.__main__ import main


def test_page_holds_the_model_file(tmp_path, capsys, vectors):
    model = vectors / "linear.model.json"

    status = main(["page", "--model", str(model), "--out", str(tmp_path)])

    page = (tmp_path / "churn_page.html").read_text("utf-8")
    assert status == 0
    assert model.read_text("utf-8") in page
    assert capsys.readouterr().out == f"Page: {tmp_path / 'churn_page.html'}\n"


def test_file_that_holds_no_model_is_refused(tmp_path, capsys):
    path = tmp_path / "other.json"
    path.write_text("[]", "utf-8")

    status = main(["page", "--model", str(path), "--out", str(tmp_path)])

    assert status == 2
    assert capsys.readouterr().err == f"error: {path}: expected a JSON object\n"
    assert not (tmp_path / "churn_page.html").exists()


@pytest.fixture
def vectors(request):
    return request.config.rootpath / "tests" / "vectors"
