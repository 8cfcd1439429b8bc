import json
import re
from hashlib import sha256

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from inference.scoring.artifact import load_artifact
from model.errors import ExportError
from model.export import model_file
from model.export.model_file import build_artifact, serialize
from model.fitting.blend import Blend

TRAINED_AT = "2026-11-22T09:30:00+00:00"


@pytest.fixture(scope="module")
def pipeline(fit):
    return fit(LogisticRegression())


@pytest.fixture(scope="module")
def payload(pipeline, customers):
    return build_artifact(pipeline, customers, np.arange(80), threshold=0.4)


def test_linear_artifact_holds_the_fit_and_nothing_else(payload, pipeline):
    imputer, scaler = pipeline[0].named_transformers_["numbers"]
    classifier = pipeline[1]

    assert payload["artifact"] == {
        "numeric_features": ["tenure", "charges"],
        "numeric_imputer_medians": imputer.statistics_.tolist(),
        "numeric_means": scaler.mean_.tolist(),
        "numeric_scales": scaler.scale_.tolist(),
        "categorical_features": ["contract", "gender"],
        "categories": [["Monthly", "One year", "Two year"], ["Female", "Male"]],
        "coef": classifier.coef_.tolist(),
        "intercept": classifier.intercept_.tolist(),
    }


def test_coefficients_follow_the_schema_where_the_matrix_doesnt(customers, fit):
    pipeline = fit(LogisticRegression())
    numbers, texts = pipeline[0].transformers
    turned = Pipeline(
        [("columns", ColumnTransformer([texts, numbers])), ("classifier", LogisticRegression())]
    ).fit(customers.frame, customers.target)

    artifact = build_artifact(turned, customers, np.arange(80))["artifact"]

    (coefficients,) = turned[1].coef_.tolist()
    assert artifact["coef"] == [[*coefficients[5:], *coefficients[:5]]]


def test_schema_says_what_the_table_said(payload):
    schema = {key: value for key, value in payload["schema"].items() if key != "features"}

    assert schema == {"target": "Churn", "labels": ["No", "Yes"], "threshold": 0.4, "id": "id"}


def test_economics_are_stored_when_given(pipeline, customers):
    economics = {"value": 600, "cost": 50, "success": 0.3}

    payload = build_artifact(pipeline, customers, [0, 1], economics=economics)

    assert payload["schema"]["economics"] == economics


def test_file_is_compact_json_with_its_digest_first(payload):
    body = serialize(payload, {"trained_at": TRAINED_AT, "served": "LogisticRegression"})

    document = json.loads(body)
    content = json.dumps(
        {"artifact": document["artifact"], "schema": document["schema"]}, separators=(",", ":")
    )
    version = f"20261122T093000Z-{sha256(content.encode()).hexdigest()[:12]}"
    rest = body.split(b",", 1)[1]
    assert list(document) == [
        "digest",
        "format_version",
        "artifact",
        "schema",
        "training_meta",
    ]
    assert document["digest"] == f"sha256:{sha256(rest).hexdigest()}"
    assert document["format_version"] == 3
    assert document["artifact"] == payload["artifact"]
    assert document["training_meta"] == {
        "version": version,
        "trained_at": TRAINED_AT,
        "feature_means": payload["feature_means"],
        "served": "LogisticRegression",
    }
    assert load_artifact(body).version == version


def test_file_is_stamped_now_unless_told_otherwise(payload):
    version = load_artifact(serialize(payload, {})).version

    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{12}", version)


def test_text_beyond_ascii_is_utf8(payload):
    schema = payload["schema"] | {"target": "Kündigung"}

    body = serialize(payload | {"schema": schema}, {})

    assert "Kündigung".encode() in body


def test_tree_model_needs_no_means(customers, fit):
    payload = build_artifact(fit(GradientBoostingClassifier(n_estimators=2)), customers, [0, 1])

    assert sorted(payload) == ["artifact", "schema"]
    assert payload["artifact"]["kind"] == "trees"


def test_blend_is_a_sum_of_a_linear_term_and_trees(customers, fit):
    members = (
        fit(LogisticRegression()),
        fit(GradientBoostingClassifier(n_estimators=2, random_state=1)),
        fit(GradientBoostingClassifier(n_estimators=3, random_state=2)),
    )

    payload = build_artifact(Blend(members, (0.5, 0.25, 0.25), 1.5, -0.1), customers, [0, 1])

    artifact = payload["artifact"]
    linear, trees = artifact["terms"]
    assert sorted(payload) == ["artifact", "schema"]
    assert (artifact["kind"], artifact["scale"], artifact["shift"]) == ("sum", 1.5, -0.1)
    assert (linear["kind"], trees["kind"]) == ("linear", "trees")
    assert len(trees["trees"]["nodes"]) == 5
    assert "link" not in trees
    priors = [member[1].init_.class_prior_[1] for member in members[1:]]
    assert trees["baseline"] == pytest.approx(sum(0.25 * np.log(p / (1 - p)) for p in priors))


def test_calibrated_trees_are_a_sum_of_one_term(customers, fit):
    member = fit(GradientBoostingClassifier(n_estimators=2))

    payload = build_artifact(Blend((member,), (1.0,), 0.5, 0.0), customers, [0, 1])
    plain = build_artifact(Blend((member,), (1.0,)), customers, [0, 1])

    assert [term["kind"] for term in payload["artifact"]["terms"]] == ["trees"]
    assert plain["artifact"]["kind"] == "trees"


def test_forest_in_a_blend_is_refused(customers, fit):
    members = (
        fit(RandomForestClassifier(2, max_depth=1)),
        fit(GradientBoostingClassifier(n_estimators=2)),
    )

    for blend in (Blend(members, (0.5, 0.5)), Blend(members[:1], (1.0,), 0.5, 0.0)):
        with pytest.raises(ExportError) as refusal:
            build_artifact(blend, customers, [0, 1])

        assert str(refusal.value) == "Blend: expected members that have log-odds"


def test_file_beyond_the_limit_is_refused_with_a_hint(monkeypatch, payload):
    monkeypatch.setattr(model_file, "MAX_SIZE_BYTES", 1000)

    with pytest.raises(ExportError) as refusal:
        serialize(payload, {})

    assert re.sub(r"[\d,]+ bytes", "N bytes", str(refusal.value)) == (
        "the model file would have N bytes, more than 1,000;"
        " set max_depth, max_leaf_nodes or min_samples_leaf, or fewer n_estimators"
    )


@pytest.mark.parametrize(
    ("classifier", "message"),
    [
        (
            SVC(),
            "SVC: can't be reproduced; supported: LogisticRegression, SGDClassifier,"
            " GradientBoostingClassifier, HistGradientBoostingClassifier,"
            " RandomForestClassifier, ExtraTreesClassifier, DecisionTreeClassifier,"
            " LGBMClassifier, CatBoostClassifier",
        ),
        (SGDClassifier(), "SGDClassifier(loss='hinge'): expected log_loss"),
    ],
    ids=["estimator", "loss"],
)
def test_classifier_that_cant_be_reproduced_is_refused_by_name(customers, fit, classifier, message):
    with pytest.raises(ExportError) as refusal:
        build_artifact(fit(classifier), customers, [0, 1])

    assert str(refusal.value) == message


def test_more_than_two_classes_are_refused(customers, pipeline):
    classes = np.arange(len(customers.target)) % 3
    three = Pipeline([("columns", pipeline[0]), ("classifier", LogisticRegression())])
    three.fit(customers.frame, classes)

    with pytest.raises(ExportError) as refusal:
        build_artifact(three, customers, [0, 1])

    assert str(refusal.value) == "LogisticRegression: expected the two classes 0 and 1"


@pytest.mark.parametrize("steps", [1, 3])
def test_other_pipelines_are_refused(customers, steps):
    pipeline = Pipeline([(f"step {step}", StandardScaler()) for step in range(steps)])

    with pytest.raises(ExportError) as refusal:
        build_artifact(pipeline, customers, [0, 1])

    expected = "expected a Pipeline of two steps: ColumnTransformer, classifier"
    assert str(refusal.value) == expected
