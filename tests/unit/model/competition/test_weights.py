import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.metrics import log_loss

from model.competition.weights import calibrate, choose_weights, to_log_odds

RNG = np.random.default_rng(5)
TRUE = RNG.normal(0, 1.5, 4000)
TARGET = (RNG.random(4000) < expit(TRUE)).astype(np.int64)
NOISES = [RNG.normal(0, 1, 4000) for _ in range(2)]


def test_two_equally_good_models_share_the_weight():
    log_odds = np.array([TRUE + NOISES[0], TRUE + NOISES[1], -TRUE])

    weights = choose_weights(log_odds, TARGET, np.zeros((3, 2)))

    assert weights == pytest.approx([0.5, 0.5, 0], abs=0.1)
    assert weights.sum() == pytest.approx(1)
    blend, single = expit(weights @ log_odds), expit(log_odds[0])
    assert log_loss(TARGET, blend) < log_loss(TARGET, single) - 0.01


def test_weights_have_two_decimals():
    log_odds = np.array([TRUE * 0.9 + noise for noise in NOISES] + [TRUE + sum(NOISES)])

    weights = choose_weights(log_odds, TARGET, np.zeros((3, 2)))

    assert np.count_nonzero(weights) > 1
    assert weights == pytest.approx(weights.round(2), abs=1e-15)


def test_a_model_that_only_harms_gets_no_weight():
    assert choose_weights(np.array([TRUE, -TRUE]), TARGET, np.zeros((2, 2))).tolist() == [1, 0]


def test_members_stay_within_each_limit_together():
    log_odds = np.array([TRUE + NOISES[0], TRUE + NOISES[1], TRUE * 0.2])

    costs = np.array([[0.1, 0.6], [0.1, 0.6], [0.1, 0.3]])

    weights = choose_weights(log_odds, TARGET, costs)

    chosen = set(np.flatnonzero(weights))
    assert costs[list(chosen)].sum(axis=0).max() <= 1
    assert len(chosen & {0, 1}) == 1


def test_calibration_is_where_the_log_loss_is_lowest():
    log_odds = 2.5 * TRUE + 0.7

    scale, shift = calibrate(log_odds, TARGET)

    best = minimize(lambda ab: log_loss(TARGET, expit(ab[0] * log_odds + ab[1])), [1, 0])
    assert [scale, shift] == pytest.approx(best.x, abs=1e-3)


def test_log_odds_are_finite_for_certain_probabilities():
    found = to_log_odds(np.array([0.0, 0.2, 1.0]))

    assert found[1] == logit(0.2)
    assert found[0] == pytest.approx(-34.5, abs=0.1)
    assert found[2] == pytest.approx(34.5, abs=0.1)
