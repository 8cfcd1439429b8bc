import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from model.errors import ParityError
from model.export import parity
from model.export.model_file import build_artifact, serialize
from model.export.parity import check_parity

ROWS = 80
PROBES = 8  # customers whose fields are blanked and made up


@pytest.fixture
def export(customers):
    """Return the function from a pipeline to its model file, changed on the way."""

    def export_changed(pipeline, change=lambda _: None):
        body = serialize(build_artifact(pipeline, customers, np.arange(ROWS)), {})
        document = json.loads(body)
        change(document)
        del document["digest"]
        rest = json.dumps(document)[1:].encode()
        return b'{"digest":"sha256:%s",' % sha256(rest).hexdigest().encode() + rest

    return export_changed


@pytest.fixture(scope="module")
def pipeline(fit):
    return fit(LogisticRegression())


def test_table_blanks_and_unseen_categories_are_scored(customers, pipeline, export):
    result = check_parity(export(pipeline), pipeline, customers)

    # each of four fields blank, all of them, and each of two categories unseen
    assert result["rows"] == ROWS + PROBES * (4 + 1 + 2)
    assert result["max_difference"] < 1e-14


def test_thresholds_are_scored_with_both_neighbours(customers, fit, export):
    pipeline = fit(RandomForestClassifier(n_estimators=3, max_depth=3, random_state=1))
    body = export(pipeline)

    result = check_parity(body, pipeline, customers)

    thresholds = sum(map(len, json.loads(body)["artifact"]["thresholds"]))
    assert result["rows"] == ROWS + PROBES * 7 + 3 * thresholds
    assert result["max_difference"] < 1e-15


def test_table_is_scored_in_chunks(monkeypatch, customers, pipeline, export):
    monkeypatch.setattr(parity, "CHUNK_ROWS", 7)

    assert check_parity(export(pipeline), pipeline, customers)["rows"] == ROWS + PROBES * 7


def test_encoder_that_refuses_unseen_categories_is_not_asked(customers, fit, export):
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())
    pipeline = fit(LogisticRegression(), texts=texts)

    assert check_parity(export(pipeline), pipeline, customers)["rows"] == ROWS + PROBES * 5


def test_blank_filled_with_a_text_that_is_no_category_scores_as_none(customers, fit, export):
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="none"),
        OneHotEncoder(handle_unknown="ignore"),
    )
    pipeline = fit(LogisticRegression(), texts=texts)

    def forget_none(document):
        assert document["schema"]["features"][3]["blank"] is None  # gender is never blank

    assert (
        check_parity(export(pipeline, forget_none), pipeline, customers)["max_difference"] < 1e-14
    )


def test_difference_is_an_error_that_names_the_worst_row(customers, pipeline, export):
    def change(document):
        document["artifact"]["intercept"][0] += 1e-6

    with pytest.raises(ParityError) as refusal:
        check_parity(export(pipeline, change), pipeline, customers)

    worst = np.abs(pipeline.predict_proba(customers.frame)[:, 1] - 0.5).argmin() + 1
    assert str(refusal.value) == (
        f"row {worst} of customers.csv: the function's probability differs from scikit-learn's by"
        " 2.5e-07, more than 1e-12"
    )


def test_wrong_blank_is_found_by_its_probe(customers, pipeline, export):
    def change(document):
        document["schema"]["features"][0]["blank"] += 1

    with pytest.raises(
        ParityError, match=r"^a probe with tenure blank: the function's probability"
    ):
        check_parity(export(pipeline, change), pipeline, customers)


def test_threshold_off_by_one_ulp_is_found_by_its_probe(customers, fit, export):
    pipeline = fit(RandomForestClassifier(n_estimators=1, max_depth=2, random_state=1))

    def change(document):
        thresholds = document["artifact"]["thresholds"]
        thresholds[0] = [float(np.nextafter(threshold, 0)) for threshold in thresholds[0]]

    with pytest.raises(ParityError, match=r"^a probe with tenure at a threshold: the function's"):
        check_parity(export(pipeline, change), pipeline, customers)


def test_row_that_the_function_refuses_is_an_error(customers, pipeline, export):
    def change(document):
        document["schema"]["features"][0]["name"] = "Tenure"
        document["artifact"]["numeric_features"][0] = "Tenure"

    frame = customers.frame.assign(Tenure="text")
    dataset = replace(customers, frame=frame)

    with pytest.raises(ParityError) as refusal:
        check_parity(export(pipeline, change), pipeline, dataset)

    assert str(refusal.value) == (
        "row 1 of customers.csv: the function can't score it: Tenure: expected a number, got text"
    )
