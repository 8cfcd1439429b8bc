import numpy as np
import pytest

from inference.advice.economics import expected_gain
from model.outcomes.joining import Customers
from model.outcomes.offers import measure_offers


def measure(customers, economics):
    treated, others = (customers.select(customers.treated == is_) for is_ in (True, False))
    return measure_offers(treated, others, economics)


def test_kept_share_is_corrected_by_what_the_others_did(economics):
    treated = Customers(np.full(10, 0.5), np.full(10, True), np.arange(10) % 5 // 4, None)
    others = Customers(np.full(10, 0.5), np.full(10, True), np.arange(10) % 10 // 4 % 2, None)

    offers = measure_offers(treated, others, economics)

    # 2 of 10 left where 4 of 10 would have; the 8 who stayed used offers of 50.
    assert offers["kept_share"].value == pytest.approx(0.4 - 0.2)
    assert offers["profit_per_1000"].value == pytest.approx(1_000 * (0.2 * 600 - 0.8 * 50))
    assert offers["kept_share"].promised == pytest.approx(0.3 * 0.5)
    gain = expected_gain(0.5, **economics)
    assert offers["profit_per_1000"].promised == pytest.approx(1_000 * gain)


@pytest.mark.parametrize("excess", [0.0, 0.1], ids=["calibrated", "off"])
def test_intervals_hold_the_truth_however_well_the_scores_fit(draw, economics, excess):
    generator = np.random.default_rng(9)
    hits = 0

    for _ in range(200):
        customers = draw(2_000, generator, treated_share=0.3, excess=excess, kept=0.3)
        figure = measure(customers, economics)["kept_share"]
        would_leave = np.minimum(1.0, customers.probability[customers.treated] + excess)
        hits += figure.low <= 0.3 * would_leave.mean() <= figure.high

    assert 180 <= hits <= 199  # 190 of 200 are expected


def test_without_economics_nothing_is_promised(draw):
    offers = measure(draw(500, np.random.default_rng(1), treated_share=0.5), None)

    assert list(offers) == ["kept_share"]
    assert offers["kept_share"].promised is None
