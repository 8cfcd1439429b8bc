import numpy as np
import pytest

from inference.advice.tree_nodes import find_points

TOLERANCE = 1e-12


@pytest.mark.parametrize("count", range(1, 51))
def test_points_are_gauss_legendres(count):
    roots, weights = np.polynomial.legendre.leggauss(count)

    ts, outs, point_weights = find_points(count)

    assert ts[::-1] == pytest.approx((1 + roots) / 2, rel=0, abs=TOLERANCE)
    assert outs[::-1] == pytest.approx((1 - roots) / 2, rel=0, abs=TOLERANCE)
    assert point_weights[::-1] == pytest.approx(weights / 2, rel=0, abs=TOLERANCE)
