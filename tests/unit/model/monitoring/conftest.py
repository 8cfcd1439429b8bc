"""Two windows as the monitor writes them, of a model small enough to read."""

import copy

import pytest

REFERENCE = {
    "customers": 200,
    "features": [
        {"edges": [12.0, 40.0, 72.0], "counts": [0, 80, 60, 60, 0, 0]},
        {"edges": [50.0, 80.0, 118.75], "counts": [0, 70, 60, 60, 0, 10]},
        {"counts": [120, 80, 0, 0]},
        {"counts": [90, 100, 0, 10]},
    ],
    "scores": {"edges": [0.25, 0.5], "counts": [80, 60, 60], "leavers": [8, 20, 43]},
}


@pytest.fixture
def model(document):
    return document | {"reference": copy.deepcopy(REFERENCE)}


@pytest.fixture
def counted():
    """A window's counts: many unseen contracts."""
    return {
        "customers": 1_000,
        "features": [
            [0, 400, 300, 300, 0, 0],
            [0, 350, 300, 300, 0, 50],
            [200, 200, 600, 0],
            [450, 500, 0, 50],
        ],
        "scores": [400, 300, 300],
    }
