from model.console import (
    PIPE_WIDTH,
    print_cut,
    print_line,
    print_table,
    print_warning,
    show_progress,
)


def test_table_has_numbers_on_the_right_and_a_blank_line_after_it(capsys):
    print_table("Versions", ("version", "AUC#"), [("a[b]", 0.84341), ("longer", None)])

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "Versions",
        "version     AUC",
        "a[b]     0.8434",
        "longer        -",
        "",
    ]


def test_line_is_never_wrapped(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")

    print_line("[x] " * 50)

    assert capsys.readouterr().out == "[x] " * 50 + "\n"


def test_line_to_be_cut_ends_at_the_edge(capsys):
    print_cut("a" * PIPE_WIDTH)
    print_cut("[b] " * PIPE_WIDTH)

    whole, cut = capsys.readouterr().out.splitlines()
    assert whole == "a" * 200
    assert cut == ("[b] " * 50)[:199] + "…"


def test_warning_and_progress_leave_stdout_to_the_answer(capsys):
    print_warning("made up [1]")
    with show_progress(2, "Training") as advance:
        advance(2, "done")

    assert capsys.readouterr() == ("", "made up [1]\n")
