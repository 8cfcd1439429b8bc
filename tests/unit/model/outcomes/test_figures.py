"""Values against scikit-learn and sums by hand, intervals against scipy's bootstrap."""

import numpy as np
import pytest
from scipy.stats import bootstrap
from sklearn.metrics import brier_score_loss, roc_auc_score

from inference.advice.economics import expected_gain
from model.evaluation.metrics import top_decile_lift
from model.outcomes.figures import calibrate, measure_outcomes
from model.outcomes.joining import Customers

METRICS = {"auc": 0.84, "brier": 0.14, "top_decile_lift": 2.9}
CUSTOMERS = 1_000
RESAMPLES = 600
LIKE_BOOTSTRAP = 0.2  # of an interval's width: 600 resamples know a quantile to a tenth of it


@pytest.fixture
def customers(draw):
    return draw(CUSTOMERS, np.random.default_rng(5))


def gains(probability, flagged, economics):
    return flagged * np.array([expected_gain(p, **economics) for p in probability])


def test_values_are_those_of_scikit_learn_and_of_single_customers(customers, economics):
    figures = measure_outcomes(customers, METRICS, economics)

    left, probability = customers.left, customers.probability
    earned = gains(left.astype(float), customers.flagged, economics).mean() * 1_000
    said = gains(probability, customers.flagged, economics).mean() * 1_000
    expected = {
        "churn_rate": (left.mean(), probability.mean()),
        "auc": (roc_auc_score(left, probability), 0.84),
        "brier": (brier_score_loss(left, probability), 0.14),
        "top_decile_lift": (left[np.argsort(-probability)[:100]].mean() / left.mean(), 2.9),
        "profit_per_1000": (earned, said),
    }
    found = {name: (figure.value, figure.promised) for name, figure in figures.items()}
    assert found == {name: pytest.approx(pair) for name, pair in expected.items()}


@pytest.mark.parametrize("name", ["auc", "brier", "top_decile_lift", "churn_rate", "profit"])
def test_intervals_are_those_of_a_bootstrap(customers, economics, name):
    def surprise(left, probability, flagged):
        if name == "churn_rate":
            return (left - probability).mean()
        offers = gains(left.astype(float), flagged, economics)
        return 1_000 * (offers - gains(probability, flagged, economics)).mean()

    statistics = {
        "auc": lambda left, probability, _: roc_auc_score(left, probability),
        "brier": lambda left, probability, _: brier_score_loss(left, probability),
        "top_decile_lift": lambda left, probability, _: top_decile_lift(left, probability),
        "churn_rate": surprise,
        "profit": surprise,
    }
    data = (customers.left, customers.probability, customers.flagged)
    drawn = bootstrap(
        data,
        statistics[name],
        n_resamples=RESAMPLES,
        paired=True,
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(6),
    ).confidence_interval

    figure = measure_outcomes(customers, METRICS, economics)[
        "profit_per_1000" if name == "profit" else name
    ]

    assert figure.high - figure.low == pytest.approx(drawn.high - drawn.low, rel=LIKE_BOOTSTRAP)


def test_intervals_hold_the_truth_nineteen_times_of_twenty(draw, economics):
    generator = np.random.default_rng(7)
    large = measure_outcomes(draw(400_000, generator), {}, economics)
    hits = dict.fromkeys(large, 0)

    for _ in range(200):
        figures = measure_outcomes(draw(500, generator), {}, economics)
        for name, figure in figures.items():
            truth = figure.promised if name.startswith(("churn", "profit")) else large[name].value
            hits[name] += figure.low <= truth <= figure.high

    # 95 % of 200 are 190; fewer than 180 or more than 199 would come once in 1,000 times.
    assert all(180 <= count <= 199 for count in hits.values()), hits


def test_model_without_economics_has_no_profit(customers):
    assert "profit_per_1000" not in measure_outcomes(customers, METRICS, None)


def test_intervals_stay_within_what_a_figure_can_be():
    left = np.repeat([0, 1], 60)
    perfect = Customers(left * 0.98 + 0.01, left == 1, left, None)

    auc = measure_outcomes(perfect, {}, None)["auc"]

    assert (auc.value, auc.high, auc.promised) == (1.0, 1.0, None)


def test_calibration_has_groups_of_rising_probability():
    probability = np.linspace(0.995, 0.005, 200)
    left = (probability > 0.5).astype(np.int64)

    halves = calibrate(Customers(probability, left == 1, left, None), least=100)

    assert halves == [
        {"customers": 100, "expected": pytest.approx(0.2512, abs=1e-4), "actual": 0.0},
        {"customers": 100, "expected": pytest.approx(0.7488, abs=1e-4), "actual": 1.0},
    ]


@pytest.mark.parametrize(("count", "groups"), [(50, 1), (199, 1), (350, 3), (5_000, 10)])
def test_no_group_is_small(draw, count, groups):
    tenths = calibrate(draw(count, np.random.default_rng(8)), least=100)

    assert len(tenths) == groups
    assert sum(tenth["customers"] for tenth in tenths) == count
