import pytest

from benchmarks.figures import compare, summarize


def test_summary_has_median_95th_percentile_and_rounds():
    summary = summarize(range(1, 22))

    assert summary == {"median": 11, "p95": pytest.approx(20), "rounds": list(range(1, 22))}


def test_contenders_are_compared_within_each_round():
    ours, theirs = summarize([1.0, 10.0, 2.0]), summarize([4.0, 30.0, 6.0])  # a slow second round

    assert compare(lambda mine, other: other / mine, ours, theirs) == 3.0
