"""The model on the page: whether its percentages are right."""

import json

import numpy as np
import pytest
from scipy.stats import binomtest


def test_calibration_says_who_was_predicted_to_leave_and_who_did(open_page, model_text):
    document = json.loads(model_text)
    del document["digest"]
    document["reference"]["scores"] = {"edges": [0.5], "counts": [100, 50], "leavers": [10, 40]}
    page = open_page(json.dumps(document))

    page.click("nav >> text=Model")

    assert page.get_attribute(".calibration svg", "aria-label") == (
        "predicted 0.0% to 50.0%: 10.0% of 100 left; predicted 50.0% to 100.0%: 80.0% of 50 left"
    )


def test_intervals_of_the_calibration_are_wilsons(page):
    of = [(10, 100), (0, 20), (7, 7)]

    found = page.evaluate(
        '(of) => of.map((one) => modules["views/calibration.js"].findInterval(...one))', of
    )

    expected = [binomtest(*one).proportion_ci(0.95, method="wilson") for one in of]
    assert np.ravel(found) == pytest.approx(np.ravel(expected), abs=1e-5)  # 1.96 is rounded


def test_model_file_without_counts_shows_no_calibration(open_page, model_text):
    document = json.loads(model_text)
    del document["digest"], document["reference"]
    page = open_page(json.dumps(document))

    page.click("nav >> text=Model")

    assert page.locator(".model .facts").count() > 0
    assert page.locator(".calibration").count() == 0
