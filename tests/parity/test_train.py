"""One whole training without a search: the first version's figures, and what its boosting serves.

The model of the README's example: whoever trains it so gets the same one.
"""

import gzip
import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd
import pytest

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.__main__ import main
from model.evaluation.folds import split_dataset
from model.fitting.candidates import build_candidates
from model.fitting.leaves import round_leaves
from model.report.file import read_report_version
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset

SERVED = "HistGradientBoostingClassifier"
FLAGS = ("--budget", "0", "--serve", SERVED)
PARITY = 1e-12  # of a probability
OTHER_MACHINE = 1e-9  # another processor may fit the last bits differently
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
        assert main(["train", str(any_csv), "--out", str(build), *FLAGS]) == 0
    return stdout.getvalue()


@pytest.fixture(scope="module")
def leaderboard(build):
    return json.loads((build / "model_leaderboard_telco.json").read_text())


@pytest.fixture(scope="module")
def single_models(leaderboard):
    """The leaderboard without the blend of its rows."""
    return [row for row in leaderboard if row["type"] != "blend"]


@pytest.fixture(scope="module")
def served(leaderboard):
    return next(row for row in leaderboard if row["name"] == SERVED)


@pytest.fixture(scope="module")
def body(build):
    return (build / "telco_churn_light.json").read_bytes()


@pytest.mark.usefixtures("telco_csv")
def test_the_first_versions_figures_come_out_again(leaderboard):
    aucs = {row["name"]: f"{row['auc']:.4f}" for row in leaderboard}

    assert {name: aucs[name] for name in REFERENCE} == REFERENCE


@pytest.mark.usefixtures("telco_csv")
def test_regularised_boosting_beats_them_on_held_out_rows_as_in_cross_validation(single_models):
    first = single_models[0]

    assert first["name"] == SERVED
    assert first["auc"] > 0.847
    assert first["cv_auc"] == max(row["cv_auc"] for row in single_models)
    assert first["brier"] == min(row["brier"] for row in single_models)


@pytest.mark.usefixtures("telco_csv")
def test_their_blend_beats_each_of_them_in_cross_validation(leaderboard, single_models):
    first = leaderboard[0]

    assert first["type"] == "blend"
    assert first["auc"] > 0.847
    assert first["cv_auc"] > max(row["cv_auc"] for row in single_models)
    assert first["cv_log_loss"] < min(row["cv_log_loss"] for row in single_models)


def test_the_choice_and_the_files_are_printed(printed, build, leaderboard, served, body):
    name = load_artifact(body).meta["final_choice"]
    winner = next(row for row in leaderboard if row["name"] == name)

    lines = printed.splitlines()
    size = (build / "model_leaderboard_telco.json").stat().st_size
    assert lines[-6:] == [
        f"FINAL CHOICE (for your report): {winner['name']} AUC={winner['auc']:.4f}",
        f"Serves: {SERVED} AUC={served['auc']:.4f}, as asked",
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


def test_the_model_is_small_and_serves(body):
    artifact = load_artifact(body)

    assert artifact.kind == "trees"
    assert artifact.meta["served"] == SERVED
    assert len(body) < 40_000
    assert len(gzip.compress(body)) < 10_000


def test_linear_models_weigh_less_than_ten_kilobytes(leaderboard):
    sizes = {row["name"]: row["artifact_bytes"] for row in leaderboard}

    assert sizes["LogisticRegression"] < 10_000
    assert sizes["SGDClassifier"] < 10_000


def test_all_customers_agree_with_scikit_learn(body):
    parity = load_artifact(body).meta["parity"]

    assert parity["rows"] > 7043
    assert parity["max_difference"] <= PARITY


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


@pytest.mark.usefixtures("telco_csv")
def test_report_draws_the_contracts_effect_first(build):
    assert (build / "report/effect-01-contract.png").exists()


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


def test_the_readmes_request_gets_the_readmes_answer(telco_csv, body):
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|json)\n(.*?)```", text, re.DOTALL)
    request = next(block for block in blocks if block.startswith("curl"))
    (answer,) = (json.loads(block) for block in blocks if block.startswith("{"))
    records = json.loads(request[request.index("'{") + 1 : request.rindex("'")])["records"]
    telco = load_dataset(telco_csv, options=INFER_ALL)
    pipeline = build_candidates(telco.numeric, telco.categorical)[SERVED]
    train_rows, _ = split_dataset(telco)
    pipeline.fit(telco.frame.iloc[train_rows], telco.target[train_rows])
    round_leaves(pipeline)

    expected = pipeline.predict_proba(pd.DataFrame(records)[list(telco.frame.columns)])[:, 1]

    assert score_records(load_artifact(body), records).predictions == pytest.approx(
        expected, abs=PARITY
    )
    assert answer["predictions"] == pytest.approx(expected, abs=OTHER_MACHINE)
    assert answer["labels"] == [int(expected[0] >= 0.5)]
    assert f"ARGS='{' '.join(FLAGS)}'" in text  # what makes the example's model
