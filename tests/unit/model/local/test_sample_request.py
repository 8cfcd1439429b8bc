import json
import shlex

import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from model.errors import ModelError
from model.export.model_file import build_artifact, serialize
from model.local.sample_request import format_curl, read_sample_body


@pytest.fixture
def model_file(customers, tmp_path):
    """A model file whose medians and most frequent categories pandas can tell as well."""
    encode = Pipeline(
        [
            ("impute", SimpleImputer(strategy="most_frequent")),
            ("encode", OneHotEncoder(handle_unknown="ignore")),
        ]
    )
    impute = SimpleImputer(strategy="median")
    columns = [
        ("numbers", impute, list(customers.numeric)),
        ("categories", encode, list(customers.categorical)),
    ]
    pipeline = Pipeline(
        [
            ("preprocess", ColumnTransformer(columns)),
            ("classify", LogisticRegression(max_iter=1000)),
        ]
    )
    pipeline.fit(customers.frame, customers.target)
    path = tmp_path / "model.json"
    path.write_bytes(serialize(build_artifact(pipeline, customers, range(80)), {}))
    return path


def test_sample_customer_is_all_medians_and_most_frequent_categories(model_file, customers):
    (record,) = json.loads(read_sample_body(model_file))["records"]

    frame = customers.frame
    medians = {name: frame[name].median() for name in customers.numeric}
    assert record == medians | {name: frame[name].mode()[0] for name in customers.categorical}


def test_first_versions_file_has_a_sample_too(tmp_path):
    model = {
        "numeric_features": ["tenure"],
        "numeric_imputer_medians": [29.0],
        "numeric_means": [30.0],
        "numeric_scales": [2.0],
        "categorical_features": ["Contract"],
        "categories": [["One year", "Two year"]],
        "coef": [[1.0, 0.0, 0.5]],
        "intercept": [0.0],
    }
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"artifact": model, "training_meta": {}}))

    (record,) = json.loads(read_sample_body(path))["records"]

    assert record == {"tenure": 29.0, "Contract": "One year"}


def test_absent_file_is_named(tmp_path):
    with pytest.raises(ModelError) as caught:
        read_sample_body(tmp_path / "none.json")

    assert str(caught.value) == f"{tmp_path}/none.json: can't be read (No such file or directory)"


def test_file_that_is_no_model_is_named(tmp_path):
    path = tmp_path / "other.json"
    path.write_text("[]")

    with pytest.raises(ModelError) as caught:
        read_sample_body(path)

    assert str(caught.value) == f"{path}: expected a JSON object"


def test_curl_line_survives_a_shell():
    body = """{"records": [{"name": "O'Brien $HOME"}]}"""

    words = shlex.split(format_curl("http://127.0.0.1:8000", body))

    assert words == [
        "curl",
        "-s",
        "http://127.0.0.1:8000/predict",
        "-H",
        "content-type: application/json",
        "-d",
        body,
    ]
