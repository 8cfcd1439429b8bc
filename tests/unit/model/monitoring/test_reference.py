import json

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from inference.scoring.artifact import load_artifact
from model.export.model_file import build_artifact, serialize
from model.monitoring.reference import build_reference

NUMBER = {"name": "charges", "kind": "number", "min": 1.0, "max": 20.0}
CONTRACT = {"name": "contract", "kind": "category", "categories": ["Monthly", "Two year"]}


def describe(values, spec=NUMBER):
    kind = np.float64 if spec["kind"] == "number" else object
    frame = pd.DataFrame({spec["name"]: pd.Series(values, dtype=kind)})
    scores = np.array([0.2, 0.7])
    return build_reference([spec], frame, scores, np.array([0, 1]), 0.5)["features"][0]


def test_a_number_has_ten_bins_of_as_many_customers_each():
    described = describe([*range(1, 21)])

    assert described == {
        "edges": [2, 4, 6, 8, 10, 12, 14, 16, 18, 20],
        "counts": [0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0],
    }


def test_a_number_that_most_customers_share_takes_one_bin():
    described = describe([0, 0, 0, 0, 0, 0, 0, 1.5, 3, 3, np.nan, np.nan])

    assert described == {"edges": [0, 1.5, 3], "counts": [0, 7, 1, 2, 0, 2]}


def test_a_flag_has_a_bin_for_each_of_its_two_numbers():
    assert describe([0, 1, 0, 0, 1]) == {"edges": [0, 1], "counts": [0, 3, 2, 0, 0]}


def test_a_large_number_keeps_all_its_digits():
    assert describe([1e16, 0.1 + 0.2])["edges"] == [0.1 + 0.2, 1e16]


def test_categories_are_counted_in_the_schemas_order_then_others_and_blanks():
    texts = ["Two year", "Monthly", "Two year", "Weekly", "Yearly", "Two year", np.nan]

    assert describe(texts, CONTRACT) == {"counts": [1, 3, 2, 1]}


def test_scores_are_parted_at_the_threshold_and_counted_with_those_who_left():
    scores = np.arange(100) / 100
    target = (np.arange(100) % 10 < 3).astype(np.int64)

    reference = build_reference([], pd.DataFrame(index=range(7)), scores, target, 0.333)

    edges = reference["scores"]["edges"]
    intervals = pd.cut(scores, [-1, *edges, 2], right=False)
    grouped = pd.Series(target).groupby(intervals, observed=False)
    assert 0.333 in edges
    assert len(edges) == 20
    assert max(reference["scores"]["counts"]) <= 6
    assert reference["scores"]["counts"] == grouped.size().tolist()
    assert reference["scores"]["leavers"] == grouped.sum().tolist()
    assert reference["customers"] == 7


def test_a_threshold_that_is_an_edge_already_parts_nothing_twice():
    scores = np.array([0.1, 0.1, 0.5, 0.5])

    reference = build_reference([], pd.DataFrame(), scores, np.array([0, 0, 1, 1]), 0.5)

    assert reference["scores"] == {"edges": [0.1, 0.5], "counts": [0, 2, 2], "leavers": [0, 0, 2]}


def test_a_model_file_with_it_is_the_same_version_and_read_as_before(customers, fit):
    payload = build_artifact(fit(LogisticRegression()), customers, np.arange(80))
    scores = np.linspace(0.05, 0.95, 80)
    reference = build_reference(
        payload["schema"]["features"], customers.frame, scores, customers.target, 0.5
    )
    meta = {"trained_at": "2026-11-22T09:30:00+00:00"}

    plain = serialize(payload, meta)
    body = serialize(payload | {"reference": reference}, meta)

    assert json.loads(body)["reference"] == reference
    assert load_artifact(body).version == load_artifact(plain).version


def test_bins_hold_each_training_customer_once(customers):
    features = [{"name": name, "kind": "number"} for name in customers.numeric]

    reference = build_reference(
        features, customers.frame, np.linspace(0, 1, 80), customers.target, 0.5
    )

    sums = [sum(field["counts"]) for field in reference["features"]]
    assert sums == [80] * len(features)
    assert [field["counts"][-1] for field in reference["features"]] == [
        int(customers.frame[name].isna().sum()) for name in customers.numeric
    ]
