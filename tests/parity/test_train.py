"""One whole training: on IBM's table the first version's figures, and what serves instead.

With the smallest search: whatever it finds, these facts hold.
"""

import gzip
import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.__main__ import main
from model.report.file import read_report_version

OTHER_SEARCH = 0.05  # of a probability: another budget finds another of the equally good models
README = Path(__file__).parents[2] / "README.md"
REFERENCE = {  # AUC on the same held-out rows, scikit-learn 1.9.1
    "GradientBoostingClassifier": "0.8434",
    "LogisticRegression": "0.8419",
    "SGDClassifier": "0.8296",
    "RandomForestClassifier": "0.8162",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return tmp_path_factory.mktemp("build")


@pytest.fixture(scope="module", autouse=True)
def printed(any_csv, build):
    """What `train` prints while it fills the folder `build`."""
    with redirect_stdout(io.StringIO()) as stdout:
        assert main(["train", str(any_csv), "--out", str(build), "--budget", "1"]) == 0
    return stdout.getvalue()


@pytest.fixture(scope="module")
def leaderboard(build):
    return json.loads((build / "model_leaderboard_telco.json").read_text())


@pytest.fixture(scope="module")
def body(build):
    return (build / "telco_churn_light.json").read_bytes()


@pytest.fixture(scope="module")
def winner(leaderboard, body):
    """The row of the leaderboard that the file says was chosen."""
    name = load_artifact(body).meta["final_choice"]
    return next(row for row in leaderboard if row["name"] == name)


@pytest.mark.usefixtures("telco_csv")
def test_the_first_versions_figures_come_out_again(leaderboard):
    aucs = {row["name"]: f"{row['auc']:.4f}" for row in leaderboard}

    assert {name: aucs[name] for name in REFERENCE} == REFERENCE


@pytest.mark.usefixtures("telco_csv")
def test_the_winner_beats_them_on_held_out_rows_as_in_cross_validation(winner, leaderboard):
    references = [row for row in leaderboard if row["name"] in REFERENCE]

    assert winner["auc"] > 0.845
    assert winner["cv_auc"] > max(row["cv_auc"] for row in references)
    assert winner["brier"] < min(row["brier"] for row in references)


def test_the_choice_and_the_files_are_printed(printed, build, winner, body):
    lines = printed.splitlines()
    size = (build / "model_leaderboard_telco.json").stat().st_size
    assert lines[-5:] == [
        f"FINAL CHOICE (for your report): {winner['name']} AUC={winner['auc']:.4f}",
        "Threshold: 0.5000",
        f"Written: {build}/model_leaderboard_telco.json ({size:,} bytes)",
        f"Written: {build}/telco_churn_light.json ({len(body):,} bytes)",
        f"Report: {build}/report.html",
    ]
    assert "synthetic" not in printed


def test_the_table_has_a_row_per_model_with_its_figures(printed, leaderboard):
    rows = [line.split() for line in printed.splitlines()]

    for model in leaderboard:
        keys = ("auc", "average_precision", "brier", "log_loss")
        figures = [f"{model[key]:.4f}" for key in keys]
        assert [model["name"], *figures, f"{model['top_decile_lift']:.2f}"] in rows


def test_the_winner_is_small_and_serves(winner, body):
    artifact = load_artifact(body)

    assert artifact.meta["served"] == artifact.meta["final_choice"] == winner["name"]
    assert len(body) < 300_000
    assert len(gzip.compress(body)) < 100_000


def test_linear_models_weigh_less_than_ten_kilobytes(leaderboard):
    sizes = {row["name"]: row["artifact_bytes"] for row in leaderboard}

    assert sizes["LogisticRegression"] < 10_000
    assert sizes["SGDClassifier"] < 10_000


def test_all_customers_agree_with_scikit_learn(body):
    parity = load_artifact(body).meta["parity"]

    assert parity["rows"] > 7043
    assert parity["max_difference"] <= 1e-12


def test_nothing_else_is_left_in_the_folder(build):
    names = sorted(path.name for path in build.iterdir())

    assert names == [
        "model_leaderboard_telco.json",
        "report",
        "report.html",
        "telco_churn_light.json",
    ]


def test_report_is_on_the_model_beside_it(build, body):
    html = (build / "report.html").read_bytes()

    plots = {path.stem for path in (build / "report").glob("*.png")}
    assert read_report_version(html) == load_artifact(body).version
    assert {"leaderboard", "roc", "calibration", "profit"} < plots
    assert any(name.startswith("effect-01-") for name in plots)  # of the most important feature


def test_report_can_be_left_out(tmp_path, capsys):
    csv = tmp_path / "small.csv"
    rows = [f"{row % 7},{'ab'[row % 2]},{'Yes' if row % 3 else 'No'}" for row in range(60)]
    csv.write_text("\n".join(["tenure,plan,Churn", *rows]))

    status = main(
        ["train", str(csv), "--out", str(tmp_path / "build"), "--no-report", "--budget", "0"]
    )

    names = sorted(path.name for path in (tmp_path / "build").iterdir())
    assert (status, names) == (0, ["model_leaderboard_telco.json", "telco_churn_light.json"])
    assert "Report:" not in capsys.readouterr().out


@pytest.mark.usefixtures("telco_csv")
def test_the_readmes_request_gets_an_answer_like_the_readmes(body):
    blocks = re.findall(r"```(?:sh|json)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    request = next(block for block in blocks if block.startswith("curl"))
    (answer,) = (json.loads(block) for block in blocks if block.startswith("{"))
    records = json.loads(request[request.index("'{") + 1 : request.rindex("'")])["records"]

    (probability,) = score_records(load_artifact(body), records).predictions

    assert answer["predictions"] == pytest.approx([probability], abs=OTHER_SEARCH)
    assert answer["labels"] == [int(probability >= 0.5)]
