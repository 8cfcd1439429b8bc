import pytest

from benchmarks.prices import Request, cost_of_requests, month_of_requests


def test_million_requests_cost_their_number_and_their_gigabyte_seconds():
    # 2,000 s of 1 GB at 0.0000133334 dollars, and 0.20 dollars
    assert cost_of_requests(1_000_000, 2, 1024) == pytest.approx(0.2266668)


def test_x86_costs_a_quarter_more_of_time():
    # 1,000 requests of 100 ms with half a GB: 50 GB-s at 0.0000166667
    cost = cost_of_requests(1_000, 100, 512, "x86_64")

    assert cost == pytest.approx(0.000833335 + 0.0002)


def test_month_of_requests_adds_what_surrounds_the_function():
    request = Request(billed_ms=1000, bytes_in=1_000_000, bytes_out=2**30)

    # 1 a second for 30 days is 2.592 million; a million bytes fill two units of 512 kB
    lambda_ = 2_592_000 * 0.0000133334 + 2.592 * 0.20
    logs = 2_592_000 * 833 / 2**30 * 0.50
    assert month_of_requests(1, request) == pytest.approx(
        lambda_ + 2 * 2.592 + logs + 2_592_000 * 0.09
    )
