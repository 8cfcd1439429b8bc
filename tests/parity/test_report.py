"""The report on a whole table: its figures are scikit-learn's own, for the same answers."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)

from model.competition.leaderboard_output import to_rows
from model.fitting.candidates import build_candidates
from model.report.build import build_report
from model.report.evidence import gather_evidence
from model.report.sections.decision import list_decisions
from model.report.sections.effects import explain_held_out
from model.report.sections.fairness import compare_groups
from model.report.sections.probabilities import calibrate, count_by_bin
from model.report.sections.ranking import plot_precision_recall, plot_roc, split_tenths
from model.report.sections.segments import measure_segments
from model.training.choices import Choices
from model.training.train import train

TOLERANCE = 1e-9  # of a figure: the function's probabilities are within 1e-12 of scikit-learn's
THRESHOLD = 0.5
NAMES = ["LogisticRegression", "HistGradientBoostingClassifier"]


@pytest.fixture(scope="module", params=NAMES)
def training(customers, request):
    candidates = build_candidates(customers.numeric, customers.categorical)
    return train(customers, {request.param: candidates[request.param]}, Choices())


@pytest.fixture(scope="module")
def rows(training):
    return to_rows(training.leaderboard, is_synthetic=False)


@pytest.fixture(scope="module")
def evidence(training, customers, rows):
    return gather_evidence(training.body, customers, rows)


@pytest.fixture(scope="module")
def held_out(training, customers):
    """The held-out customers and what scikit-learn's pipeline says of them."""
    test_rows = training.leaderboard.test_rows
    frame = customers.frame.iloc[test_rows].reset_index(drop=True)
    # Customers with one and the same score stay tied, whatever the order of an addition made of it.
    probabilities = training.served.pipeline.predict_proba(frame)[:, 1].round(12)
    return SimpleNamespace(
        frame=frame, target=customers.target[test_rows], probabilities=probabilities
    )


def near(values):
    return pytest.approx(values, abs=TOLERANCE)


def test_curves_are_scikit_learns(evidence, held_out):
    roc = plot_roc(evidence).figure.axes[0].lines[0]
    other = plot_precision_recall(evidence).figure.axes[0].lines[0]

    false_rate, true_rate, _ = roc_curve(held_out.target, held_out.probabilities)
    precision, recall, _ = precision_recall_curve(held_out.target, held_out.probabilities)
    assert (roc.get_xdata(), roc.get_ydata()) == (near(false_rate), near(true_rate))
    assert (other.get_xdata(), other.get_ydata()) == (near(recall), near(precision))


def test_metrics_are_scikit_learns_and_the_leaderboards(evidence, held_out, training):
    functions = {
        "auc": roc_auc_score,
        "average_precision": average_precision_score,
        "brier": brier_score_loss,
    }

    for name, function in functions.items():
        assert evidence.metrics[name] == near(function(held_out.target, held_out.probabilities))
    assert evidence.metrics == near(training.served.metrics)


def test_calibration_is_scikit_learns(evidence, held_out):
    bins = calibrate(evidence.target, evidence.probabilities)

    observed, predicted = calibration_curve(held_out.target, held_out.probabilities, n_bins=10)
    assert [item.observed for item in bins] == near(observed)
    assert [item.predicted for item in bins] == near(predicted)
    assert count_by_bin(evidence.probabilities).sum() == 1409


def test_decision_is_scikit_learns(evidence, held_out):
    (decision,) = [item for item in list_decisions(evidence) if item.threshold == THRESHOLD]

    labels = held_out.probabilities >= THRESHOLD
    _, false_alarms, missed, caught = confusion_matrix(held_out.target, labels).ravel()
    assert (decision.false_alarms, decision.missed, decision.caught) == (
        false_alarms,
        missed,
        caught,
    )
    assert decision.precision == near(precision_score(held_out.target, labels))
    assert decision.recall == near(recall_score(held_out.target, labels))


def test_deciles_hold_all_leavers(evidence):
    tenths = split_tenths(evidence.target, evidence.probabilities)

    assert [tenth.customers for tenth in tenths] == [141] * 9 + [140]
    assert sum(tenth.leavers for tenth in tenths) == near(evidence.target.sum())
    assert tenths[0].lift == near(evidence.metrics["top_decile_lift"])


def test_segments_are_scikit_learns(evidence, held_out):
    segments = measure_segments(evidence)

    by_name = {segment.name: segment for segment in segments}
    assert [segment.auc for segment in segments] == sorted(segment.auc for segment in segments)
    for name in ("Contract: Month-to-month", "gender: Female", "InternetService: Fiber optic"):
        column, value = name.split(": ")
        mask = (held_out.frame[column] == value).to_numpy()
        target, scores = held_out.target[mask], held_out.probabilities[mask]
        assert by_name[name].customers == mask.sum()
        assert by_name[name].auc == near(roc_auc_score(target, scores))
        assert by_name[name].brier == near(brier_score_loss(target, scores))


def test_gender_and_senior_citizens_are_compared(evidence, held_out):
    tables = {table.feature: table for table in compare_groups(evidence)}

    assert list(tables) == ["SeniorCitizen", "tenure", "gender", "Partner", "Dependents"]
    labels = held_out.probabilities >= THRESHOLD
    for column in ("gender", "SeniorCitizen"):
        for group in tables[column].groups:
            value = group.label if column == "gender" else float(group.label)
            mask = (held_out.frame[column] == value).to_numpy()
            assert group.customers == mask.sum()
            assert group.flagged == near(labels[mask].mean())
            assert group.caught == near(recall_score(held_out.target[mask], labels[mask]))
            assert group.false_alarms == near(labels[mask & (held_out.target == 0)].mean())


def test_effects_of_every_held_out_customer_add_up(evidence, held_out):
    effects = explain_held_out(evidence)

    log_odds = np.log(held_out.probabilities / (1 - held_out.probabilities))
    assert len(effects.rows) == 1409
    assert effects.base + effects.values.sum(axis=1) == near(log_odds)


def test_page_shows_these_figures(training, customers, rows, evidence, held_out):
    report = build_report(training.body, customers, rows)

    page = report.html.decode()
    assert f"<strong>{roc_auc_score(held_out.target, held_out.probabilities):.4f}</strong>" in page
    leavers, blanks = customers.target.sum(), customers.frame.isna().to_numpy().sum()
    assert f"<dd>{leavers:,} ({leavers / 7043:.2%})</dd>" in page
    assert f"<dd>{blanks:,} of 133,817</dd>" in page
    assert customers.sha256 in page
    assert f"All {len(measure_segments(evidence))} segments, the weakest first" in page
    assert "segments" in report.plots
