import pytest

from model.__main__ import main


def test_command_writes_the_file_and_says_so(tmp_path, capsys):
    path = tmp_path / "made-up.csv"

    status = main(["synthesize", "--rows", "3", "--out", str(path), "--seed", "5"])

    assert status == 0
    assert capsys.readouterr().out == f"{path}: 3 made-up customers (seed 5)\n"
    assert len(path.read_text().splitlines()) == 4


def test_error_is_one_line_and_status_two(tmp_path, capsys):
    path = tmp_path / "no" / "x.csv"

    status = main(["synthesize", "--rows", "3", "--out", str(path)])

    assert status == 2
    assert capsys.readouterr().err == (
        f"error: {path}: can't be written (No such file or directory)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rows", "0"], "argument --rows: expected 1 to 118,813,760,000\n"),
        (["--rows", "-5"], "argument --rows: expected 1 to 118,813,760,000\n"),
        (["--rows", "many"], "argument --rows: expected a whole number\n"),
        (["--rows", "1", "--seed", "-1"], "argument --seed: expected 0 or more\n"),
    ],
)
def test_arguments_out_of_range_are_refused(tmp_path, capsys, arguments, message):
    with pytest.raises(SystemExit) as stop:
        main(["synthesize", "--out", str(tmp_path / "x.csv"), *arguments])

    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(message)
    assert list(tmp_path.iterdir()) == []
