"""The models that the benchmarks score with, in each contender's own form."""

import json
import pickle
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from model.export.model_file import build_artifact, serialize
from model.export.parity import to_records
from model.fitting.candidates import build_candidates
from model.table.columns import INFER_ALL
from model.table.dataset import Dataset, load_dataset

MODELS = {
    "linear": "LogisticRegression",
    "100 trees": "GradientBoostingClassifier",
    "winner": "HistGradientBoostingClassifier",  # of the leaderboard, on IBM's table
}
RECORDS = 10_000
RECORDS_FILE = "records.json"


def write_models(csv: Path | None, folder: Path) -> dict[str, Any]:
    """Fit MODELS on a table and write them, and its customers as records; return what data it was.

    Customers with blanks are left out: neither ONNX's converter nor a plain DataFrame of records
    takes them.
    """
    dataset = load_dataset(csv, options=INFER_ALL)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    customers = to_records(dataset.frame[dataset.frame.notna().all(axis=1)])
    records = (customers * -(-RECORDS // len(customers)))[: max(RECORDS, len(customers))]
    _write_json(folder / RECORDS_FILE, records)
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    rows = np.arange(len(dataset.target))
    for name, candidate in MODELS.items():
        pipeline = candidates[candidate].fit(dataset.frame, dataset.target)
        content = build_artifact(pipeline, dataset, rows)
        (folder / model_file(name, "json")).write_bytes(serialize(content, {"served": candidate}))
        (folder / model_file(name, "pickle")).write_bytes(pickle.dumps(pipeline))
        if name == "linear":
            steps = content["artifact"]
        if name == "100 trees":
            _write_json(folder / "naive-trees.json", {"artifact": steps | list_trees(pipeline)})
        if name != "winner":  # skl2onnx 1.20 can't convert it
            (folder / model_file(name, "onnx")).write_bytes(_to_onnx(pipeline, dataset))
    return {"name": dataset.name, "synthetic": dataset.is_synthetic, "rows": len(rows)}


def model_file(name: str, suffix: str) -> str:
    """Return the name of a model's file."""
    return f"{name.replace(' ', '-')}.{suffix}"


def list_trees(pipeline: Pipeline) -> dict[str, Any]:
    """Return a fitted GradientBoostingClassifier as flat lists, for a reader who walks down."""
    classifier = pipeline[-1]
    churn_share = float(classifier.init_.class_prior_[1])
    baseline = float(np.log(churn_share / (1.0 - churn_share)))
    trees = [
        {
            "left": tree.tree_.children_left.tolist(),
            "right": tree.tree_.children_right.tolist(),
            "feature": tree.tree_.feature.tolist(),
            "threshold": tree.tree_.threshold.tolist(),
            "value": tree.tree_.value[:, 0, 0].tolist(),
        }
        for (tree,) in classifier.estimators_
    ]
    return {"trees": trees, "learning_rate": classifier.learning_rate, "baseline": baseline}


def _to_onnx(pipeline: Pipeline, dataset: Dataset) -> bytes:
    from skl2onnx import to_onnx  # a second to load, which printing tables need not pay
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    # Without the imputer of texts, which skl2onnx doesn't know; there are no blanks to impute.
    plain = deepcopy(pipeline)
    plain[0].transformers_ = [
        (name, steps[-1] if name == "categories" else steps, columns)
        for name, steps, columns in plain[0].transformers_
    ]
    types: list = [(name, FloatTensorType([None, 1])) for name in dataset.numeric]
    types += [(name, StringTensorType([None, 1])) for name in dataset.categorical]
    converted = to_onnx(plain, initial_types=types, options={id(plain): {"zipmap": False}})
    return converted.SerializeToString()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, separators=(",", ":")), encoding="utf-8")
