"""A training with the smallest search: whatever it finds keeps within the limits and serves."""

import gzip
import io
import json
from contextlib import redirect_stdout

import pytest

from inference.scoring.artifact import load_artifact
from model.__main__ import main
from model.competition.serving import MAX_KB, MAX_US

REFERENCE = [
    "GradientBoostingClassifier",
    "LogisticRegression",
    "SGDClassifier",
    "RandomForestClassifier",
]


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return tmp_path_factory.mktemp("build")


@pytest.fixture(scope="module", autouse=True)
def printed(any_csv, build):
    """What `train` prints while it fills the folder `build`."""
    flags = ["--out", str(build), "--budget", "1", "--no-report"]
    with redirect_stdout(io.StringIO()) as stdout:
        assert main(["train", str(any_csv), *flags]) == 0
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
def test_the_winner_beats_the_references_on_held_out_rows_as_in_cross_validation(
    winner, leaderboard
):
    references = [row for row in leaderboard if row["name"] in REFERENCE]

    assert winner["auc"] > 0.847
    assert winner["cv_auc"] > max(row["cv_auc"] for row in references)
    assert winner["brier"] < min(row["brier"] for row in references)


def test_the_winner_serves_and_is_printed(printed, winner, body):
    choice = f"FINAL CHOICE (for your report): {winner['name']} AUC={winner['auc']:.4f}"
    assert load_artifact(body).meta["served"] == winner["name"]
    assert choice in printed.splitlines()


def test_the_winner_keeps_within_the_limits(winner, body):
    assert (MAX_US, MAX_KB) == (25, 300)
    assert winner["prediction_us"] <= MAX_US
    assert len(body) <= MAX_KB * 1000
    assert len(gzip.compress(body)) < 100_000


def test_all_customers_agree_with_the_training_libraries(body):
    parity = load_artifact(body).meta["parity"]

    assert parity["rows"] > 7043
    assert parity["max_difference"] <= 1e-12
