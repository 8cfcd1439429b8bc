import pytest

from model.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--serve", "SVC"], '--serve: no candidate "SVC"; there are GradientBoostingClassifier'),
        (["--changeable", "color"], '--changeable: card.csv has no feature "color"'),
        (["--threshold", "profit"], "--threshold profit: say --economics VALUE,COST,SUCCESS"),
        (["--drop", "color"], "card.csv: "),
        (["--pipeline", "nowhere:build"], "--pipeline nowhere:build: expected MODULE:FUNCTION"),
    ],
    ids=["serve", "changeable", "economics", "column", "pipeline"],
)
def test_an_error_is_one_line_and_leaves_nothing_behind(
    card_csv, tmp_path, capsys, arguments, message
):
    out = tmp_path / "build"

    status = main(["train", str(card_csv), "--out", str(out), *arguments])

    printed = capsys.readouterr()
    assert status == 2
    assert printed.err.startswith(f"error: {message}")
    assert printed.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--economics", "600,50,30"],
            "argument --economics: expected a share of successes above 0 and up to 1",
        ),
        (["--threshold", "0.4"], "argument --threshold: invalid choice: '0.4'"),
        (["--budget", "-1"], "argument --budget: expected seconds, 0 or more"),
        (["--budget", "inf"], "argument --budget: expected seconds, 0 or more"),
    ],
    ids=["economics", "threshold", "budget", "endless budget"],
)
def test_a_flag_that_is_wrong_in_itself_gets_the_usage(capsys, arguments, message):
    with pytest.raises(SystemExit) as caught:
        main(["train", *arguments])

    assert caught.value.code == 2
    assert message in capsys.readouterr().err
