import sys

import numpy as np
import pytest

from model.export.preprocessing import NumberColumn
from model.export.thresholds import find_raw_thresholds

PLAIN = NumberColumn("x", 0.0, 0.0, 1.0)
LARGEST = sys.float_info.max


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        # halfway to the next float32, 2**-24 away; ties go to the even one, which is the threshold
        pytest.param(0.5, 0.5 + 2**-25, id="up to halfway to the next float32"),
        pytest.param(0.0, 2**-150, id="zero: up to half the smallest float32"),
        pytest.param(np.inf, LARGEST, id="infinity: all numbers go left"),
        pytest.param(-np.inf, 2.0**103 - 2.0**128, id="what overflows to it"),
    ],
)
def test_float32_comparison_flips_halfway_to_the_next_float32(threshold, expected):
    raw = find_raw_thresholds(np.array([threshold]), PLAIN, np.float32)

    assert raw.tolist() == [expected]


def test_float64_comparison_of_unscaled_numbers_flips_at_the_threshold():
    thresholds = np.array([-1e300, -0.1, 0.0, 5e-324, 0.1, 29.5, np.inf])

    raw = find_raw_thresholds(thresholds, PLAIN, np.float64)

    assert raw.tolist() == [-1e300, -0.1, 0.0, 5e-324, 0.1, 29.5, LARGEST]


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_scaled_comparison_flips_between_the_threshold_and_the_next_double(precision):
    seed = np.random.SeedSequence().entropy
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)
    number = NumberColumn("x", 0.0, rng.normal(0, 1000), rng.lognormal(0, 3))
    thresholds = rng.normal(0, 2, 1000).astype(precision).astype(np.float64)

    raw = find_raw_thresholds(thresholds, number, precision)

    at, above = ((x - number.mean) / number.scale for x in (raw, np.nextafter(raw, np.inf)))
    assert (at.astype(precision) <= thresholds).all()
    assert (above.astype(precision) > thresholds).all()
