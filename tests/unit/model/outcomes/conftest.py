"""Customers whose outcomes are drawn from their probabilities, and tables small enough to read."""

import numpy as np
import pytest

from model.outcomes.joining import Customers
from model.reading.csv_table import parse_table

ECONOMICS = {"value": 600.0, "cost": 50.0, "success": 0.3}


@pytest.fixture
def economics():
    return dict(ECONOMICS)


@pytest.fixture
def draw():
    """Return the function that draws customers: how many, by which generator, who is treated.

    `excess` makes customers leave more often than their probabilities say, `kept` is the share
    of leavers whom an offer keeps.
    """

    def make(count, generator, *, treated_share=None, excess=0.0, kept=0.0):
        probability = generator.beta(0.8, 2.2, count)
        left = generator.random(count) < probability + excess
        treated = None
        if treated_share is not None:
            treated = generator.random(count) < treated_share
            left &= ~(treated & (generator.random(count) < kept))
        return Customers(probability, probability >= 0.5, left.astype(np.int64), treated)

    return make


@pytest.fixture
def table():
    """Return the function from a file's name and lines to the table in it."""
    return lambda name, *lines: parse_table(name, "\n".join(lines).encode())
