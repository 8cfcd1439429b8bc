import numpy as np
import pytest
from scipy import stats

from inference.monitoring.distributions import (
    adjust_for_many,
    chi_squared_isf,
    chi_squared_sf,
    kolmogorov_sf,
)

RELATIVE = 1e-9  # the sums' rounding


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 12, 25, 500])
@pytest.mark.parametrize("statistic", [0.0, 0.01, 0.5, 1.0, 3.84, 20.0, 100.0, 700.0])
def test_chi_squared_is_scipys(statistic, freedom):
    expected = stats.chi2.sf(statistic, freedom)

    assert chi_squared_sf(statistic, freedom) == pytest.approx(expected, rel=RELATIVE, abs=1e-300)


@pytest.mark.parametrize("freedom", [1, 2, 11, 100])
@pytest.mark.parametrize("probability", [0.5, 0.05, 0.001, 1e-9])
def test_its_inverse_is_scipys(probability, freedom):
    expected = stats.chi2.isf(probability, freedom)

    assert chi_squared_isf(probability, freedom) == pytest.approx(expected, rel=RELATIVE)


@pytest.mark.parametrize("statistic", [0.0, 0.05, 0.3, 0.7, 0.999, 1.0, 1.36, 2.0, 5.0])
def test_kolmogorov_is_scipys(statistic):
    expected = stats.kstwobign.sf(statistic)

    assert kolmogorov_sf(statistic) == pytest.approx(expected, rel=RELATIVE, abs=1e-15)


@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_adjusted_probabilities_are_scipys(count):
    probabilities = np.random.default_rng(count).random(count) ** 3

    expected = stats.false_discovery_control(probabilities).tolist() if count else []
    assert adjust_for_many(probabilities.tolist()) == pytest.approx(expected, rel=RELATIVE)
