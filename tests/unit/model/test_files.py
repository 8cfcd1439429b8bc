import pytest

from model.errors import DataError, ModelError
from model.files import read_artifact, read_file, replace_file, write_file


def test_file_is_written_whole_with_its_folder(tmp_path):
    path = tmp_path / "build" / "model.json"

    write_file(path, b"old")
    write_file(path, b"new")

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [file.name for file in path.parent.iterdir()] == ["model.json"]


def test_file_that_cannot_be_written_is_named_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "model.json" / "in the way").mkdir(parents=True)

    with pytest.raises(ModelError) as caught:
        write_file(tmp_path / "model.json", b"new")

    assert str(caught.value) == f"{tmp_path}/model.json: can't be written (Is a directory)"
    assert [file.name for file in tmp_path.iterdir()] == ["model.json"]


def test_folder_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "build").write_text("a file")

    with pytest.raises(ModelError) as caught:
        write_file(tmp_path / "build" / "model.json", b"new")

    assert str(caught.value) == f"{tmp_path}/build/model.json: can't be written (File exists)"


def test_what_breaks_off_leaves_the_old_file(tmp_path):
    path = tmp_path / "model.json"
    path.write_bytes(b"old")

    def break_off():
        with replace_file(path) as file:
            file.write(b"half")
            raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        break_off()

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError) as caught:
        read_file(tmp_path / "no.csv", DataError)

    assert str(caught.value) == f"{tmp_path}/no.csv: can't be read (No such file or directory)"


def test_file_that_is_no_model_is_named(tmp_path):
    (tmp_path / "model.json").write_bytes(b"[]")

    with pytest.raises(ModelError, match=rf"^{tmp_path}/model\.json: \S+"):
        read_artifact(tmp_path / "model.json")
