"""The small model with a reference: what training customers were like."""

import pytest


@pytest.fixture
def document(counted_document):
    return counted_document


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
