import json
from importlib.metadata import version

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.errors import ExportError, ModelError
from model.export.parity import to_records
from model.fitting.candidates import build_candidates
from model.training.choices import Choices
from model.training.train import train, write_results

ECONOMICS = {"value": 600.0, "cost": 50.0, "success": 0.3}


@pytest.fixture(scope="module")
def candidates(customers):
    linear = build_candidates(customers.numeric, customers.categorical)["LogisticRegression"]
    tree = DecisionTreeClassifier(max_depth=2, random_state=1)
    return {
        "LogisticRegression": linear,
        "DecisionTreeClassifier": Pipeline([linear.steps[0], ("model", tree)]),
    }


@pytest.fixture(scope="module")
def naive(candidates):
    """A pipeline that the function can't reproduce."""
    return Pipeline([candidates["LogisticRegression"].steps[0], ("model", GaussianNB())])


@pytest.fixture(scope="module")
def training(customers, candidates):
    choices = Choices(threshold="f1", economics=ECONOMICS, changeable=("charges",), blanks=("?",))
    return train(customers, candidates, choices)


@pytest.fixture(scope="module")
def meta(training):
    return load_artifact(training.body).meta


def test_the_winner_serves(training, meta):
    assert training.served is training.winner
    assert training.winner in training.leaderboard.entries
    assert meta["final_choice"] == meta["best_sklearn"] == meta["served"] == training.winner.name


def test_the_file_answers_as_the_pipeline_whose_figures_are_reported(training, customers):
    batch = score_records(load_artifact(training.body), to_records(customers.frame))

    expected = training.served.pipeline.predict_proba(customers.frame)[:, 1]
    assert batch.predictions == pytest.approx(expected.tolist(), abs=1e-12)


def test_the_file_tells_where_it_comes_from(training, meta, customers):
    auc = training.served.metrics["auc"]
    known = {
        "final_choice_auc": auc,
        "best_sklearn_auc": auc,
        "served_auc": auc,
        "threshold_rule": "f1",
        "data": {
            "name": "customers.csv",
            "sha256": customers.sha256,
            "rows": 80,
            "synthetic": False,
            "target_rate": customers.target.mean(),
            "blanks": ["?"],
        },
        "holdout": {"seed": 42, "share": 0.2, "data_sha256": customers.sha256},
        "metrics": training.served.metrics,
    }

    assert {key: meta[key] for key in known} == known
    assert [row["name"] for row in meta["model_leaderboard"]] == [
        entry.name for entry in training.leaderboard.entries
    ]
    for library in ("scikit-learn", "numpy", "pandas"):
        assert meta["libraries"][library] == version(library)


def test_the_file_tells_how_parity_came_out(meta, customers):
    assert meta["parity"]["rows"] > len(customers.target)
    assert 0 <= meta["parity"]["max_difference"] <= 1e-12


def test_what_the_user_said_is_in_the_schema(training):
    schema = load_artifact(training.body).schema

    changeable = [spec["name"] for spec in schema["features"] if spec["changeable"]]
    assert schema["economics"] == ECONOMICS
    assert changeable == ["charges"]


def test_threshold_is_best_on_rows_that_the_models_had_not_seen(training, customers):
    leaderboard = training.leaderboard
    probabilities = leaderboard.out_of_fold[training.served.name].ravel()
    target = np.tile(customers.target[leaderboard.train_rows], 2)

    best = max(f1_score(target, probabilities >= cut) for cut in probabilities)
    assert f1_score(target, probabilities >= training.threshold) == best
    assert load_artifact(training.body).threshold == training.threshold


def test_each_entry_says_what_it_weighs_and_what_a_prediction_takes(training):
    for entry in training.leaderboard.entries:
        assert 500 < entry.artifact_bytes < len(training.body)
        assert 0 < entry.prediction_us < 10_000
        assert entry.refusal is None


def test_another_candidate_serves_if_asked(customers, candidates, training):
    name = next(e.name for e in training.leaderboard.entries if e is not training.winner)

    asked = train(customers, candidates, Choices(serve=name))

    meta = load_artifact(asked.body).meta
    assert (asked.served.name, asked.threshold) == (name, 0.5)
    assert meta["final_choice"] == asked.winner.name != name
    assert (meta["served"], meta["metrics"]) == (name, asked.served.metrics)
    assert "blanks" not in meta["data"]


def test_a_winner_that_cannot_be_exported_leaves_serving_to_the_next(customers, naive, candidates):
    # deep enough that all its probabilities are 0 or 1: a far worse log loss
    sure = clone(candidates["DecisionTreeClassifier"]).set_params(model__max_depth=None)

    training = train(customers, {"sure": sure, "GaussianNB": naive}, Choices())

    assert training.winner.name == "GaussianNB"
    assert training.winner.refusal.startswith("GaussianNB")
    assert (training.winner.artifact_bytes, training.winner.prediction_us) == (None, None)
    assert (training.served.name, training.why) == ("sure", "the best that can be exported")
    assert load_artifact(training.body).meta["final_choice"] == "GaussianNB"


def test_two_candidates_with_log_odds_are_blended_within_the_limits(customers, candidates):
    linear = candidates["LogisticRegression"]
    other = clone(linear).set_params(model__C=0.01)

    training = train(customers, {"one": linear, "other": other}, Choices(max_kb=1.5))
    both = train(customers, {"one": linear, "other": other}, Choices(serve="Blend"))

    assert training.served.artifact_bytes < 1_500
    assert sorted(entry.name for entry in both.leaderboard.entries) == ["Blend", "one", "other"]
    assert both.served.type == "blend"
    expected = both.served.pipeline.predict_proba(customers.frame)[:, 1]
    batch = score_records(load_artifact(both.body), to_records(customers.frame))
    assert batch.predictions == pytest.approx(expected.tolist(), abs=1e-12)


def test_a_candidate_that_cannot_be_exported_is_refused_if_asked_for(customers, naive):
    with pytest.raises(ExportError, match=r"^GaussianNB: can't be exported: GaussianNB"):
        train(customers, {"GaussianNB": naive}, Choices(serve="GaussianNB"))


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (
            Choices(serve="SVC"),
            '--serve: no candidate "SVC"; there are '
            "LogisticRegression, DecisionTreeClassifier, Blend",
        ),
        (Choices(changeable=("color",)), '--changeable: customers.csv has no feature "color"'),
        (Choices(threshold="profit"), "--threshold profit: say --economics VALUE,COST,SUCCESS"),
    ],
    ids=["serve", "changeable", "economics"],
)
def test_what_does_not_fit_is_refused_before_anything_is_fitted(
    customers, candidates, choices, message
):
    fits = []

    with pytest.raises(ModelError) as caught:
        train(customers, candidates, choices, fits.append)

    assert str(caught.value) == message
    assert fits == []


def test_both_files_are_written(training, tmp_path):
    leaderboard, artifact = write_results(training, tmp_path / "build", is_synthetic=False)

    assert leaderboard == tmp_path / "build" / "model_leaderboard_telco.json"
    assert artifact == tmp_path / "build" / "telco_churn_light.json"
    rows = json.loads(leaderboard.read_text())
    assert [(row["name"], row["auc"]) for row in rows] == [
        (entry.name, entry.metrics["auc"]) for entry in training.leaderboard.entries
    ]
    assert artifact.read_bytes() == training.body


def test_a_folder_that_cannot_be_written_to_is_named(training, tmp_path):
    out = tmp_path / "build"
    out.write_text("a file")

    with pytest.raises(ModelError) as caught:
        write_results(training, out, is_synthetic=False)

    assert (
        str(caught.value) == f"{out}/model_leaderboard_telco.json: can't be written (File exists)"
    )
    assert out.read_text() == "a file"
