import pytest

from benchmarks.prices import cost_of_requests


def test_million_requests_cost_their_number_and_their_gigabyte_seconds():
    # 2,000 s of 1 GB at 0.0000133334 dollars, and 0.20 dollars
    assert cost_of_requests(1_000_000, 2, 1024) == pytest.approx(0.2266668)


def test_x86_costs_a_quarter_more_of_time():
    # 1,000 requests of 100 ms with half a GB: 50 GB-s at 0.0000166667
    cost = cost_of_requests(1_000, 100, 512, "x86_64")

    assert cost == pytest.approx(0.000833335 + 0.0002)
