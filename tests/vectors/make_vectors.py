"""Make the vectors anew: small models of every kind, and what the libraries say of some customers.

    python tests/vectors/make_vectors.py

It needs LightGBM and CatBoost beside what tests need. docs/artifact.md describes the files.
"""

import hashlib
import json
import warnings
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shap
from cases import ROWS, SPREADSHEET, Case, draw_customers, list_cases
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from services import ASKED, choose_customers, draw_services, list_changes
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from model.export.model_file import build_artifact, serialize
from model.fitting.blend import Blend, log_odds
from model.table.dataset import Dataset

FOLDER = Path(__file__).parent
LIBRARIES = ("scikit-learn", "lightgbm", "catboost", "shap")
TRAINED_AT = "2026-11-24T00:00:00+00:00"
ADDS_UP = 1e-9  # CatBoost's effects don't where no training rows came, or trees aren't symmetric
EXPLAINED = 9  # cases of each model
DIGITS = 11  # of an effect; readers are held to 1e-9
FILLED = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
MEANS = make_pipeline(SimpleImputer(strategy="mean"), StandardScaler())
AS_THEY_ARE = FunctionTransformer()
RARE = {"handle_unknown": "infrequent_if_exist", "min_frequency": 0.12}
SMALL = {"n_jobs": 1, "verbose": -1, "random_state": 1, "min_child_samples": 5}
QUIET = {"thread_count": 1, "verbose": 0, "allow_writing_files": False, "random_seed": 1}
IN_FORMAT_2 = ("linear", "gradient-boosting")


def main() -> None:
    """Write each vector's two files."""
    warnings.filterwarnings("ignore")
    dataset = draw_customers()
    for name, (about, model) in list_models(dataset).items():
        payload = build_artifact(model, dataset, range(ROWS))
        body = serialize(payload, {"trained_at": TRAINED_AT, "served": name})
        write_vector(name, about, body, dataset, model)
        if name in IN_FORMAT_2:
            old = stamp(
                body.partition(b",")[2].replace(b'format_version":3,', b'format_version":2,')
            )
            write_vector(f"format-2-{name}", f"{about}, in format 2", old, dataset, model)
        if name == "linear":
            write_first_version(json.loads(body)["artifact"], dataset, model)
            write_spreadsheet(dataset, model)
    write_services()


def list_models(dataset: Dataset) -> dict[str, tuple[str, Any]]:
    """Return by name what each vector is about, and the fitted model."""

    def fit(classifier: Any, numbers: Any = FILLED, **encoder: Any) -> Pipeline:
        options = {"handle_unknown": "ignore", "sparse_output": False} | encoder
        texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(**options))
        columns = [
            ("numbers", clone(numbers), list(dataset.numeric)),
            ("texts", texts, list(dataset.categorical)),
        ]
        steps = [("columns", ColumnTransformer(columns)), ("classifier", clone(classifier))]
        return Pipeline(steps).fit(dataset.frame, dataset.target)

    linear, histogram = LogisticRegression(max_iter=5000), HistGradientBoostingClassifier
    few = {"max_iter": 12, "max_leaf_nodes": 6, "learning_rate": 0.3}
    lossguide = {"grow_policy": "Lossguide", "max_leaves": 12}
    return {
        "linear": ("A linear model", fit(linear)),
        "linear-rare": ("A linear model that knows rare cities as one group", fit(linear, **RARE)),
        "gradient-boosting": (
            "scikit-learn's gradient boosting, which rounds numbers to float32",
            fit(GradientBoostingClassifier(n_estimators=15, random_state=1)),
        ),
        "histogram-boosting": (
            "Boosting whose missing numbers have sides of their own",
            fit(histogram(**few, random_state=1), AS_THEY_ARE),
        ),
        "forest": (
            "A forest: an average of probabilities",
            fit(RandomForestClassifier(8, max_depth=4, random_state=1)),
        ),
        "deep-tree": (
            "One tree of more than 128 leaves, too deep for bit masks",
            fit(DecisionTreeClassifier(splitter="random", max_features=1, random_state=1)),
        ),
        "lightgbm": (
            "LightGBM, trees of up to 40 leaves, missing numbers",
            fit(LGBMClassifier(n_estimators=8, num_leaves=40, **SMALL), AS_THEY_ARE),
        ),
        "lightgbm-scaled": (
            "LightGBM on scaled numbers, which takes a missing one that it never saw for the mean",
            fit(LGBMClassifier(n_estimators=10, num_leaves=6, **SMALL), StandardScaler()),
        ),
        "catboost": (
            "CatBoost: symmetric trees, missing numbers, rare cities",
            fit(CatBoostClassifier(iterations=30, depth=4, **QUIET), AS_THEY_ARE, **RARE),
        ),
        "catboost-deep": (
            "CatBoost: symmetric trees of the greatest depth, and of one condition",
            fit(CatBoostClassifier(iterations=3, depth=8, **QUIET), StandardScaler()),
        ),
        "catboost-lossguide": (
            "CatBoost: trees that aren't symmetric",
            fit(CatBoostClassifier(iterations=10, **lossguide, **QUIET), AS_THEY_ARE),
        ),
        "blend": (
            "A calibrated blend whose members fill blanks and group cities differently",
            Blend(
                (
                    fit(linear),
                    fit(linear, MEANS, **RARE),
                    fit(histogram(**few, random_state=2), AS_THEY_ARE),
                    fit(LGBMClassifier(n_estimators=6, num_leaves=20, **SMALL)),
                    fit(CatBoostClassifier(iterations=12, depth=3, **QUIET), MEANS, **RARE),
                ),
                (0.3, 0.15, 0.2, 0.25, 0.1),
                1.1,
                -0.05,
            ),
        ),
        "calibrated": (
            "One model, calibrated",
            Blend((fit(histogram(**few, random_state=3), AS_THEY_ARE),), (1.0,), 0.9, 0.125),
        ),
    }


def stamp(rest: bytes) -> bytes:
    """Return a model file of what follows its digest."""
    return b'{"digest":"sha256:%s",%s' % (hashlib.sha256(rest).hexdigest().encode(), rest)


def write_vector(name: str, about: str, body: bytes, dataset: Dataset, model: Any) -> None:
    """Write a model file, and what the libraries make of each case."""
    cases = list_cases(dataset, body)
    frame = to_frame(cases, dataset)
    members = [(model, 1.0)]
    if isinstance(model, Blend):
        members = [*zip(model.members, model.weights, strict=True)]
    scale, shift = getattr(model, "scale", 1.0), getattr(model, "shift", 0.0)
    parts = [explain(member, dataset, frame) for member, _ in members]
    weights = [weight for _, weight in members]
    effects = scale * sum(w * values for w, (values, _) in zip(weights, parts, strict=True))
    base = scale * sum(w * start for w, (_, start) in zip(weights, parts, strict=True)) + shift
    probabilities = model.predict_proba(frame)[:, 1]
    is_share = json.loads(body)["artifact"].get("link") == "identity"
    scores = probabilities if is_share else find_scores(model, frame)
    adds_up = np.abs(effects.sum(axis=1) + base - scores) <= ADDS_UP
    facts: dict[str, Any] = {"about": about}
    if adds_up.any():
        facts |= {"unit": "probability" if is_share else "log-odds", "base": float(base)}
    found: list[dict[str, Any]] = [{"probability": float(p)} for p in probabilities]
    for place in np.flatnonzero(adds_up)[:EXPLAINED].tolist():
        found[place]["effects"] = effects[place].round(DIGITS).tolist()
    write(name, facts, body, cases, found)


def write_first_version(artifact: dict[str, Any], dataset: Dataset, model: Pipeline) -> None:
    """Write the vector of the first version's form, where a blank category is one of the others."""
    body = json.dumps({"artifact": artifact, "training_meta": {"final_choice": "SGD"}}).encode()
    cases = list_cases(dataset, body)
    frame = to_frame(cases, dataset)
    texts = list(dataset.categorical)
    frame[texts] = frame[texts].fillna("?")
    found = [{"probability": float(p)} for p in model.predict_proba(frame)[:, 1]]
    write(
        "first-version",
        {"about": "A linear model, in the first version's form"},
        body,
        cases,
        found,
    )


def write_spreadsheet(dataset: Dataset, model: Pipeline) -> None:
    """Write the vector of a table that a spreadsheet wrote."""
    spelled = replace(dataset, spellings=SPREADSHEET)
    body = serialize(build_artifact(model, spelled, range(ROWS)), {"trained_at": TRAINED_AT})
    about = "A linear model of a table with decimal commas, a currency, and texts for missing"
    write_vector("spreadsheet", about, body, spelled, model)


def write_services() -> None:
    """Write the vector of services that depend on each other, with what would help."""
    dataset = draw_services()
    classifier = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=5, random_state=1)
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), encoder)
    columns = [
        ("numbers", AS_THEY_ARE, list(dataset.numeric)),
        ("texts", texts, list(dataset.categorical)),
    ]
    model = Pipeline([("columns", ColumnTransformer(columns)), ("classifier", classifier)])
    model.fit(dataset.frame, dataset.target)
    payload = build_artifact(model, dataset, range(len(dataset.target)))
    body = serialize(payload, {"trained_at": TRAINED_AT, "served": "services"})
    rows = choose_customers(model, dataset.frame)
    cases: list[Case] = [(why, row, row) for why, row in zip(ASKED, rows, strict=True)]
    found = [
        {
            "probability": float(model.predict_proba(pd.DataFrame([row]))[0, 1]),
            "changes": list_changes(model, dataset.frame, row),
        }
        for row in rows
    ]
    write("services", {"about": "Services that need each other, and what-if"}, body, cases, found)


def to_frame(cases: list[Case], dataset: Dataset) -> pd.DataFrame:
    """Return the cases' rows as a table of the dataset's types."""
    return pd.DataFrame([row for _, _, row in cases]).astype(dataset.frame.dtypes)


def find_scores(model: Any, frame: pd.DataFrame) -> np.ndarray:
    """Return the log-odds of each row."""
    return model.decision_function(frame) if isinstance(model, Blend) else log_odds(model, frame)


def explain(pipeline: Pipeline, dataset: Dataset, frame: pd.DataFrame) -> tuple[np.ndarray, float]:
    """Return shap's values with the columns of each feature summed, and where they start from."""
    matrix, classifier = pipeline[:-1].transform(frame), pipeline[-1]
    if isinstance(classifier, LogisticRegression):
        trained_on = pipeline[:-1].transform(dataset.frame)
        background = shap.maskers.Independent(trained_on, max_samples=len(trained_on))
        explainer = shap.LinearExplainer(classifier, background)
    else:
        explainer = shap.TreeExplainer(classifier, feature_perturbation="tree_path_dependent")
    values = np.asarray(explainer.shap_values(matrix))
    values = values[:, :, 1] if values.ndim == 3 else values
    names = pipeline[0].named_transformers_["texts"][-1].get_feature_names_out(dataset.categorical)
    sizes = [sum(name.startswith(f"{text}_") for name in names) for text in dataset.categorical]
    starts = np.cumsum([0, *[1] * len(dataset.numeric), *sizes[:-1]])
    return np.add.reduceat(values, starts, axis=1), float(np.ravel(explainer.expected_value)[-1])


def write(
    name: str, facts: dict[str, Any], body: bytes, cases: list[Case], found: list[dict[str, Any]]
) -> None:
    """Write the model file, and the cases a line each."""
    FOLDER.joinpath(f"{name}.model.json").write_bytes(body)
    facts |= {"libraries": {library: version(library) for library in LIBRARIES}}
    head = json.dumps(facts, ensure_ascii=False)[:-1]
    pairs = zip(cases, found, strict=True)
    told = [{"why": why, "record": record} | expected for (why, record, _), expected in pairs]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in told)
    text = f'{head}, "cases": [\n{lines}\n]}}\n'
    FOLDER.joinpath(f"{name}.cases.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
