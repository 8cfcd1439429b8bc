import sys

import pytest
from sklearn.pipeline import Pipeline

from model.errors import ModelError
from model.fitting.own_pipelines import load_pipelines

MODULE = """
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline


def build(numeric, categorical):
    return {f"{len(numeric)} and {len(categorical)}": Pipeline([("model", LogisticRegression())])}


def build_list(numeric, categorical):
    return []


def build_bare(numeric, categorical):
    return {"bare": LogisticRegression()}
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "own_models.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield "own_models"
    sys.modules.pop("own_models", None)


def test_a_function_gets_the_columns_and_returns_pipelines(module, customers):
    (found,) = load_pipelines(f"{module}:build", customers, []).items()

    assert found[0] == "2 and 2"
    assert isinstance(found[1], Pipeline)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("own_models:build_list", "expected a dict of name: Pipeline, got list"),
        (
            "own_models:build_bare",
            '"bare": expected a scikit-learn Pipeline, got LogisticRegression',
        ),
        ("own_models:build", '"2 and 2" is the name of another candidate'),
        (
            "own_models:none",
            "expected MODULE:FUNCTION (module 'own_models' has no attribute 'none')",
        ),
        ("no_such_module:build", "expected MODULE:FUNCTION (No module named 'no_such_module')"),
        ("own_models", "expected MODULE:FUNCTION (module 'own_models' has no attribute '')"),
    ],
    ids=["no dict", "no pipeline", "name", "function", "module", "no colon"],
)
@pytest.mark.usefixtures("module")
def test_anything_else_is_refused(customers, reference, message):
    with pytest.raises(ModelError) as caught:
        load_pipelines(reference, customers, ["2 and 2"])

    assert str(caught.value) == f"--pipeline {reference}: {message}"
