import numpy as np
import pytest
from scipy import stats

from inference.monitoring.comparison import (
    ALPHA,
    compare,
    find_critical_stability,
    measure_stability,
)

RELATIVE = 1e-9  # the sums' rounding
NUMBER = ([0, 100, 120, 90, 0, 10], [3, 300, 280, 310, 5, 102])
CATEGORY = ([500, 300, 200, 0, 0], [1200, 600, 100, 40, 60])


def test_categories_are_compared_as_scipy_compares_them():
    compared = compare(*CATEGORY, has_order=False)

    assert compared["p"] == pytest.approx(
        stats.chi2_contingency(np.array(CATEGORY), correction=False).pvalue, rel=RELATIVE
    )


def test_numbers_are_compared_by_bins_and_by_steps():
    reference, counts = ([50, 150, 200, 100, 0, 0], [40, 140, 250, 140, 0, 0])

    compared = compare(reference, counts, has_order=True)

    bins = stats.chi2_contingency([reference[:4], counts[:4]], correction=False).pvalue
    places = [np.repeat(np.arange(5), sample[:5]) for sample in (reference, counts)]
    steps = stats.ks_2samp(*places, method="asymp")
    distance = stats.kstwobign.sf(steps.statistic * np.sqrt(500 * 570 / 1070))
    assert compared["p"] == pytest.approx(2 * min(bins, distance), rel=RELATIVE)


def test_samples_that_are_alike_tell_nothing():
    assert compare(NUMBER[0], NUMBER[0], has_order=True)["p"] == 1.0


def test_bins_of_few_customers_are_taken_together():
    reference, counts = [500, 400, 2, 1, 2], [480, 420, 3, 3, 4]

    compared = compare(reference, counts, has_order=False)

    together = stats.chi2_contingency([[500, 400, 5], [480, 420, 10]], correction=False)
    assert compared["p"] == pytest.approx(together.pvalue, rel=RELATIVE)


def test_a_few_customers_in_all_join_the_smallest_bin():
    reference, counts = [500, 400, 1], [480, 420, 0]

    compared = compare(reference, counts, has_order=False)

    joined = stats.chi2_contingency([[500, 401], [480, 420]], correction=False)
    assert compared["p"] == pytest.approx(joined.pvalue, rel=RELATIVE)


def test_one_bin_tells_nothing():
    assert compare([100, 0, 0], [90, 0, 0], has_order=False)["p"] == 1.0


@pytest.mark.parametrize("samples", [([0, 0], [5, 6]), ([5, 6], [0, 0])])
def test_no_customers_tell_nothing(samples):
    nothing = {"p": 1.0, "psi": 0.0, "psi_critical": 0.0, "moved": 0.0}

    assert compare(*samples, has_order=False) == nothing


def test_a_number_that_went_blank_has_moved_as_a_whole():
    compared = compare([0, 500, 500, 0, 0], [0, 0, 0, 0, 800], has_order=True)

    assert compared["p"] < 1e-100
    assert compared["moved"] == 1.0


def test_moved_is_the_share_that_would_have_to_be_elsewhere():
    assert compare([60, 40], [50, 50], has_order=False)["moved"] == pytest.approx(0.1)


def test_stability_is_its_formula_with_half_a_customer_more_in_each_bin():
    a, b = (np.array(sample) + 0.5 for sample in ([60, 40], [50, 50]))
    a, b = a / a.sum(), b / b.sum()

    assert measure_stability([60, 40, 0], [50, 50, 0]) == pytest.approx(
        float(((b - a) * np.log(b / a)).sum())
    )


@pytest.mark.parametrize(("n", "m"), [(5_000, 500), (5_000, 50_000), (400, 400)])
def test_where_nothing_changed_stability_seldom_exceeds_its_critical_value(n, m):
    seed = 7
    rng = np.random.default_rng(seed)
    shares = np.array([0.3, 0.2, 0.2, 0.15, 0.1, 0.05])
    rounds = 4_000

    critical = find_critical_stability(n, m, len(shares))
    exceeding = sum(
        measure_stability(rng.multinomial(n, shares).tolist(), rng.multinomial(m, shares).tolist())
        > critical
        for _ in range(rounds)
    )

    assert exceeding <= stats.binom.isf(1e-4, rounds, 1.5 * ALPHA), f"seed {seed}"
