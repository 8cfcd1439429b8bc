"""The small model with a reference: what training customers were like."""

import pytest

REFERENCE = {
    "customers": 200,
    "features": [
        {"edges": [12.0, 40.0, 72.0], "counts": [0, 80, 60, 60, 0, 0]},
        {"edges": [50.0, 80.0, 118.75], "counts": [0, 70, 60, 60, 0, 10]},
        {"counts": [120, 80, 0, 0]},
        {"counts": [90, 100, 0, 10]},
    ],
    "scores": {"edges": [0.25, 0.5, 0.75], "counts": [80, 60, 40, 20], "leavers": [8, 20, 26, 17]},
}


@pytest.fixture
def document(document):
    return document | {"reference": REFERENCE}


@pytest.fixture
def customers():
    """Return the function that makes a number of different customers, as records."""
    return lambda count, first=0: [
        {
            "tenure": place % 90 - 5 + place / 1e6,
            "charges": None if place % 50 == 0 else 15 + place / 100,
            "contract": ("Month-to-month", "Two year", "Weekly", " ")[place % 7 % 4],
            "paperless": "Yes" if place % 3 else "No",
        }
        for place in range(first, first + count)
    ]
