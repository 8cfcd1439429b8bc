"""Models of known quality, and a registry for each test in an S3 over a real connection."""

import uuid

import pytest

from model.__main__ import main
from model.evaluation.folds import split_rows
from model.export.model_file import build_artifact, serialize
from model.fitting.candidates import build_candidates
from model.local.environment import make_environment
from model.table.columns import ColumnOptions
from model.table.dataset import load_dataset


@pytest.fixture(scope="session")
def customers(any_csv):
    return load_dataset(any_csv, options=ColumnOptions())


@pytest.fixture(scope="session")
def payload(customers):
    """What makes a model file of a logistic regression."""
    pipeline = build_candidates(customers.numeric, customers.categorical)["LogisticRegression"]
    rows, _ = split_rows(customers.target)
    pipeline.fit(customers.frame.iloc[rows], customers.target[rows])
    return build_artifact(pipeline, customers, rows)


@pytest.fixture(scope="session")
def model_file(customers, payload):
    """Return the function that makes a model file: which one of a series, and how far off it is.

    `off` has categories whose customers' log-odds are wrong by so much; `more` goes into the
    training's description, and doesn't change the version.
    """

    def make(number, off=None, **more):
        artifact = payload["artifact"]
        for category, error in (off or {}).items():
            artifact = shift(artifact, category, error)
        facts = {
            "trained_at": f"2026-11-22T09:00:{number:02d}+00:00",
            "served": "LogisticRegression",
            "data": {
                "name": customers.name,
                "sha256": customers.sha256,
                "rows": len(customers.target),
                "synthetic": customers.is_synthetic,
            },
            "parity": {"rows": len(customers.target), "max_difference": 0.0},
            **more,
        }
        return serialize(payload | {"artifact": artifact}, facts)

    return make


def shift(artifact, category, by):
    """Return a linear model whose log-odds for a category's customers are off by so much."""
    names = [name for block in artifact["categories"] for name in block]
    weights = list(artifact["coef"][0])
    weights[len(artifact["numeric_features"]) + names.index(category)] += by
    return artifact | {"coef": [weights]}


@pytest.fixture
def environment(s3_url, monkeypatch):
    """The environment that points publisher and function at this test's own registry."""
    variables = make_environment(s3_url) | {"MODEL_KEY": f"models/{uuid.uuid4()}/churn.json"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def files(model_file, tmp_path):
    """Two model files, the second one better."""
    paths = tmp_path / "v1.json", tmp_path / "v2.json"
    paths[0].write_bytes(model_file(1, {"Month-to-month": -2.0}))
    paths[1].write_bytes(model_file(2))
    return paths


@pytest.fixture
def data(any_csv):
    """The words that name the table of the models to a command."""
    return ["--data", any_csv]


@pytest.fixture
def command(environment, capsys):  # noqa: ARG001  points it at the registry
    """Return the function that runs a command, and returns its status, stdout and stderr."""

    def run(*words):
        capsys.readouterr()
        status = main([*map(str, words)])
        return status, *capsys.readouterr()

    return run
