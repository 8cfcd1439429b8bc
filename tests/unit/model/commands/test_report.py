import json

import pytest

from inference.scoring.artifact import load_artifact
from model.__main__ import main
from model.competition.leaderboard_output import to_rows
from model.fitting.candidates import build_candidates
from model.report.build import build_report
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset
from model.training.choices import Choices
from model.training.train import train, write_results

ARTIFACT = "telco_churn_light.json"
LEADERBOARD = "model_leaderboard_telco.json"


@pytest.fixture
def dataset(card_csv):
    return load_dataset(card_csv, options=INFER_ALL)


@pytest.fixture
def training(dataset):
    name = "LogisticRegression"
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    return train(dataset, {name: candidates[name]}, Choices())


@pytest.fixture
def build(training, tmp_path):
    write_results(training, tmp_path / "build", is_synthetic=False)
    return tmp_path / "build"


def test_report_made_of_the_files_is_the_one_that_training_draws(
    build, card_csv, dataset, training, capsys
):
    status = main(["report", str(card_csv), "--out", str(build)])

    expected = build_report(
        training.body, dataset, to_rows(training.leaderboard, is_synthetic=False)
    )
    drawn = {path.stem: path.read_bytes() for path in (build / "report").iterdir()}
    assert (status, capsys.readouterr().out) == (0, f"Report: {build}/report.html\n")
    assert (build / "report.html").read_bytes() == expected.html
    assert drawn == expected.plots


def test_report_needs_a_trained_model(build, card_csv, capsys):
    for name in (LEADERBOARD, ARTIFACT):
        (build / name).unlink()

        status = main(["report", str(card_csv), "--out", str(build)])

        message = f"error: {build / name}: can't be read (No such file or directory)\n"
        assert (status, capsys.readouterr().err) == (2, message)


def test_another_table_is_refused(build, bank_csv, training, capsys):
    status = main(["report", str(bank_csv), "--out", str(build)])

    version = load_artifact(training.body).version
    message = f"error: bank.csv: isn't the table that {version} learned from\n"
    assert (status, capsys.readouterr().err) == (2, message)
    assert not (build / "report.html").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [row | {"auc": row["auc"] - 0.01} for row in rows],
        lambda rows: [*rows, rows[0]],
        lambda _: [],
    ],
    ids=["other figures", "another candidate", "none"],
)
def test_leaderboard_of_another_training_is_refused(build, card_csv, training, capsys, change):
    path = build / LEADERBOARD
    path.write_text(json.dumps(change(json.loads(path.read_text()))))

    status = main(["report", str(card_csv), "--out", str(build)])

    version = load_artifact(training.body).version
    message = f"error: {path}: isn't from the training of {version}; train anew\n"
    assert (status, capsys.readouterr().err) == (2, message)


@pytest.mark.parametrize("content", ["{", "[1]", '[{"name": "LogisticRegression"}]', "null"])
def test_a_file_that_is_no_leaderboard_is_refused(build, card_csv, capsys, content):
    path = build / LEADERBOARD
    path.write_text(content)

    status = main(["report", str(card_csv), "--out", str(build)])

    message = f"error: {path}: isn't a leaderboard; train anew\n"
    assert (status, capsys.readouterr().err) == (2, message)


def test_a_model_file_that_tells_nothing_of_its_training_is_refused(build, card_csv, capsys):
    path = build / ARTIFACT
    content = json.loads(path.read_text())["artifact"]
    path.write_text(json.dumps({"artifact": content, "training_meta": {}}))  # the first version's

    status = main(["report", str(card_csv), "--out", str(build)])

    message = f"error: {path}: doesn't tell how it was trained; train anew\n"
    assert (status, capsys.readouterr().err) == (2, message)


def test_a_damaged_model_file_is_refused(build, card_csv, capsys):
    path = build / ARTIFACT
    path.write_bytes(path.read_bytes()[:-1])

    status = main(["report", str(card_csv), "--out", str(build)])

    problem = "digest: doesn't match the content; the file was changed or cut off"
    message = f"error: {path}: {problem}\n"
    assert (status, capsys.readouterr().err) == (2, message)


def test_a_report_that_is_there_is_replaced(build, card_csv):
    (build / "report.html").write_text("old")

    main(["report", str(card_csv), "--out", str(build)])

    assert (build / "report.html").read_text().startswith("<!doctype html>")
