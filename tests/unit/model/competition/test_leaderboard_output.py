import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import make_pipeline

from model.competition.leaderboard import Entry, Leaderboard
from model.competition.leaderboard_output import (
    print_choice,
    print_leaderboard,
    to_lean_rows,
    to_rows,
)

METRICS = {
    "auc": 0.8478912,
    "average_precision": 0.6638,
    "brier": 0.13477654321,
    "log_loss": 0.4138,
    "top_decile_lift": 2.8589,
}


@pytest.fixture
def best():
    return Entry(
        name="HistGradientBoostingClassifier",
        type="sklearn",
        pipeline=make_pipeline(LogisticRegression(max_iter=500)),
        cv_auc=0.85031234567,
        cv_auc_std=0.0122,
        cv_auc_low=0.8340,
        cv_auc_high=0.8666,
        cv_log_loss=0.4111,
        behind_best=0.0,
        behind_best_margin=0.0,
        metrics=METRICS,
        fit_time_s=0.394,
        artifact_bytes=19_936,
        prediction_us=6.23,
        is_on_front=True,
    )


@pytest.fixture
def other():
    return Entry(
        name="SGDClassifier",
        type="sklearn",
        pipeline=make_pipeline(SGDClassifier()),
        cv_auc=0.8380,
        cv_auc_std=0.0129,
        cv_auc_low=0.8207,
        cv_auc_high=0.8553,
        cv_log_loss=0.4333,
        behind_best=0.0123,
        behind_best_margin=0.0048,
        metrics=METRICS | {"auc": 0.8296},
        fit_time_s=0.16,
        refusal="SGDClassifier(loss='hinge'): expected [log_loss]",
    )


@pytest.fixture
def leaderboard(best, other):
    rows = {
        "train_rows": np.arange(5634),
        "ranked_rows": np.arange(5634),
        "test_rows": np.arange(1409),
        "folds": [],
    }
    out_of_fold = {best.name: np.zeros((2, 5634)), other.name: np.zeros((2, 5634))}
    return Leaderboard((best, other), **rows, test_probabilities={}, out_of_fold=out_of_fold)


def test_tables_show_every_figure_in_full(leaderboard, capsys):
    print_leaderboard(leaderboard, is_synthetic=False)

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "Ranked by cross-validation: 5,634 customers, 5 folds x 2; ± spans 95%",
        "model                                      AUC  log loss     behind best"
        "  fit s  file kB  µs each",
        "HistGradientBoostingClassifier  0.8503 ±0.0163    0.4111                "
        "   0.39     19.9     6.2*",
        "SGDClassifier                   0.8380 ±0.0173    0.4333  0.0123 ±0.0048"
        "   0.16        -        -",
        "",
        "On 1,409 held-out customers, which chose nothing",
        "model                              AUC  avg precision   Brier  log loss  top-decile lift",
        "HistGradientBoostingClassifier  0.8479         0.6638  0.1348    0.4138             2.86",
        "SGDClassifier                   0.8296         0.6638  0.1348    0.4138             2.86",
        "",
        "* no other is as good, as small and as fast",
        "SGDClassifier can't be exported: SGDClassifier(loss='hinge'): expected [log_loss]",
    ]


def test_both_tables_from_synthetic_data_are_marked(leaderboard, capsys):
    print_leaderboard(leaderboard, is_synthetic=True)

    titles = [line for line in capsys.readouterr().out.splitlines() if "customers" in line]
    assert [title[-12:] for title in titles] == [" [synthetic]", " [synthetic]"]


def test_a_narrow_terminal_cuts_nothing_off(leaderboard, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")

    print_leaderboard(leaderboard, is_synthetic=False)

    printed = capsys.readouterr().out
    assert "…" not in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_winner_that_serves_is_printed_once(best, capsys):
    print_choice(best, best, "", 0.5, is_synthetic=False)

    assert capsys.readouterr().out == (
        "FINAL CHOICE (for your report): HistGradientBoostingClassifier AUC=0.8479\n"
        "Threshold: 0.5000\n"
    )


def test_another_one_that_serves_is_printed_with_the_reason(best, other, capsys):
    print_choice(best, other, "as asked", 0.31, is_synthetic=True)
    print_choice(other, best, "the best that can be exported", 0.5, is_synthetic=False)

    assert capsys.readouterr().out == (
        "FINAL CHOICE (for your report): HistGradientBoostingClassifier AUC=0.8479 [synthetic]\n"
        "Serves: SGDClassifier AUC=0.8296 [synthetic], as asked\n"
        "Threshold: 0.3100 [synthetic]\n"
        "FINAL CHOICE (for your report): SGDClassifier AUC=0.8296\n"
        "Serves: HistGradientBoostingClassifier AUC=0.8479, the best that can be exported\n"
        "Threshold: 0.5000\n"
    )


def test_rows_hold_everything_known(leaderboard):
    rows = to_rows(leaderboard, is_synthetic=True)

    assert json.loads(json.dumps(rows))[0] == {
        "name": "HistGradientBoostingClassifier",
        "type": "sklearn",
        "estimator": "LogisticRegression(max_iter=500)",
        **METRICS,
        "cv_auc": 0.85031234567,
        "cv_auc_std": 0.0122,
        "cv_auc_low": 0.8340,
        "cv_auc_high": 0.8666,
        "cv_log_loss": 0.4111,
        "behind_best": 0.0,
        "behind_best_margin": 0.0,
        "fit_time_s": 0.394,
        "artifact_bytes": 19_936,
        "prediction_us": 6.23,
        "refusal": None,
        "is_on_front": True,
        "synthetic": True,
    }


def test_rows_of_the_model_file_are_lean(leaderboard):
    assert to_lean_rows(leaderboard) == [
        {
            "name": "HistGradientBoostingClassifier",
            "type": "sklearn",
            "auc": 0.847891,
            "cv_auc": 0.850312,
            "cv_auc_std": 0.0122,
            "brier": 0.134777,
            "artifact_bytes": 19_936,
        },
        {
            "name": "SGDClassifier",
            "type": "sklearn",
            "auc": 0.8296,
            "cv_auc": 0.838,
            "cv_auc_std": 0.0129,
            "brier": 0.134777,
            "artifact_bytes": None,
        },
    ]
