import math
from dataclasses import replace

import numpy as np
import pytest

from model.competition import leaderboard as leaderboard_module
from model.competition.leaderboard import rank_candidates
from model.evaluation.metrics import measure
from model.fitting.candidates import build_candidates
from model.report import evidence as evidence_module
from model.report.evidence import EXAMPLE_ECONOMICS, gather_evidence


def test_held_out_customers_are_those_of_training(evidence, table):
    assert evidence.training_customers == 320
    assert len(evidence.target) == 80
    assert evidence.target.mean() == pytest.approx(table.target.mean(), abs=1 / 80)
    assert evidence.held_out == "the 80 held-out customers"


def test_of_very_many_held_out_customers_the_report_has_those_of_the_leaderboard(
    described, pack, table, rows, monkeypatch
):
    monkeypatch.setattr(leaderboard_module, "MAX_TEST_ROWS", 40)
    monkeypatch.setattr(evidence_module, "MAX_TEST_ROWS", 40)
    linear = build_candidates(table.numeric, table.categorical)["LogisticRegression"]
    ranked = rank_candidates(table, {"linear": linear})

    evidence = gather_evidence(pack(described), table, rows)

    assert len(evidence.target) == 40
    tenure = table.frame["tenure"].iloc[ranked.test_rows]
    assert np.array_equal(evidence.frame["tenure"], tenure, equal_nan=True)


def test_probabilities_are_the_functions_answers(evidence):
    row = evidence.frame.iloc[0]
    log_odds = -0.5 - 0.8 * (row["tenure"] - 30) / 20 + 0.4 * (row["charges"] - 60) / 30
    log_odds += {"Month-to-month": 0.9, "Two year": -0.7}[row["contract"]]
    log_odds += {"No": -0.2, "Yes": 0.2}[row["paperless"]]

    assert evidence.probabilities[0] == pytest.approx(1 / (1 + math.exp(-log_odds)))
    assert evidence.metrics == measure(evidence.target, evidence.probabilities)


def test_features_stand_in_the_models_order_and_blanks_stay_blank(evidence):
    assert list(evidence.frame.columns) == ["tenure", "charges", "contract", "paperless"]
    assert evidence.frame["tenure"].isna().any()
    assert not np.isnan(evidence.probabilities).any()


def test_economics_are_the_models_own_else_an_example(evidence, described, pack, table, rows):
    own = {"value": 900.0, "cost": 10.0, "success": 0.5}
    described["schema"]["economics"] = own

    told = gather_evidence(pack(described), table, rows)

    assert (told.economics, told.has_economics) == (own, True)
    assert (evidence.economics, evidence.has_economics) == (EXAMPLE_ECONOMICS, False)


def test_made_up_customers_are_known_as_such(evidence, table):
    made_up = replace(evidence, dataset=replace(table, is_synthetic=True))

    assert (evidence.is_synthetic, made_up.is_synthetic) == (False, True)
