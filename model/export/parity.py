"""The function's own code held against scikit-learn: nothing is published that fails it."""

import sys
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from inference.scoring.artifact import Artifact, load_artifact
from inference.scoring.batch import score_records
from model.errors import ParityError
from model.export.members import read_members
from model.fitting.blend import Blend
from model.table.dataset import Dataset

TOLERANCE = 1e-12  # of a probability; both sides compute in doubles, a dozen roundings apart
CHUNK_ROWS = 20_000
MAX_ROWS = 100_000  # of a table, evenly spread; the probes below have what is rare
_BASE_ROWS = 8  # customers whose fields are blanked and made up, one at a time
_MAX_THRESHOLDS = 2_000  # probed, spread evenly, where a forest has more


def check_parity(body: bytes, model: Pipeline | Blend, dataset: Dataset) -> dict[str, Any]:
    """Return how many rows were scored and the largest difference from `predict_proba`.

    Scores every row of the table, up to MAX_ROWS of them, then rows with each field blank, with
    unseen categories, and with numbers at a tree's thresholds and one ulp either side.

    Args:
        body: the model file.
        model: what it was exported from.
        dataset: the table.

    Raises:
        ParityError: a difference beyond TOLERANCE, or a row that only one side can score.
    """
    artifact = load_artifact(body)
    probes, labels = _build_probes(artifact, model, dataset)
    rows = _spread(len(dataset.frame), MAX_ROWS)
    worst = 0.0
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[start : start + CHUNK_ROWS]
        names = [f"row {row + 1} of {dataset.name}" for row in chunk.tolist()]
        worst = max(worst, _compare(artifact, model, dataset.frame.iloc[chunk], names))
    worst = max(worst, _compare(artifact, model, probes, labels))
    return {"rows": len(rows) + len(probes), "max_difference": worst}


def to_records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows as a client would send them: a blank is None."""
    plain = frame.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def _compare(
    artifact: Artifact, model: Pipeline | Blend, frame: pd.DataFrame, names: list[str]
) -> float:
    expected = model.predict_proba(frame)[:, 1]
    batch = score_records(artifact, to_records(frame))
    if batch.errors:
        index, field, message = batch.errors[0]
        raise ParityError(f"{names[index]}: the function can't score it: {field}: {message}")
    differences = np.abs(np.array(batch.predictions, dtype=float) - expected)
    worst = int(differences.argmax())
    difference = float(differences[worst])
    if not difference <= TOLERANCE:
        raise ParityError(
            f"{names[worst]}: the function's probability differs from scikit-learn's by"
            f" {difference:.1e}, more than {TOLERANCE:.0e}"
        )
    return difference


def _build_probes(
    artifact: Artifact, model: Pipeline | Blend, dataset: Dataset
) -> tuple[pd.DataFrame, list[str]]:
    names = [feature["name"] for feature in artifact.schema["features"]]
    base = dataset.frame.iloc[_spread(len(dataset.frame), _BASE_ROWS)]
    probes = [(base.assign(**{name: np.nan}), f"{name} blank") for name in names]
    probes.append((base.assign(**dict.fromkeys(names, np.nan)), "all fields blank"))
    members = read_members(model, dataset)
    owns = [own for member in members for own in member.preprocessing.categories]
    refusing = {own.name for own in owns if own.refuses_unseen}
    for feature in artifact.features[len(artifact.lows) :]:
        if feature["name"] not in refusing:
            unseen = max(feature["categories"], key=len, default="") + "?"  # longer than any
            probes.append((base.assign(**{feature["name"]: unseen}), f"{feature['name']} unseen"))
    probes += _threshold_probes(artifact, dataset)
    frame = pd.concat([part for part, _ in probes], ignore_index=True).astype(dataset.frame.dtypes)
    return frame, [f"a probe with {label}" for part, label in probes for _ in range(len(part))]


def _threshold_probes(artifact: Artifact, dataset: Dataset) -> list[tuple[pd.DataFrame, str]]:
    probes = []
    trees = [term for term in artifact.model["terms"] if term["kind"] == "trees"]
    for index, thresholds in [pair for term in trees for pair in enumerate(term["thresholds"])]:
        name = artifact.features[index]["name"]  # numbers come first
        # the largest double is no place where numbers part: it tells them from missing ones
        finite = np.array([number for number in thresholds if number < sys.float_info.max])
        chosen = finite[_spread(len(finite), _MAX_THRESHOLDS)]
        neighbours = [np.nextafter(chosen, end) for end in (-np.inf, np.inf)]
        values = np.concatenate([chosen, *neighbours])
        rows = dataset.frame.iloc[np.arange(len(values)) % len(dataset.frame)]
        probes.append((rows.assign(**{name: values}), f"{name} at a threshold"))
    return probes


def _spread(total: int, at_most: int) -> np.ndarray:
    return np.unique(np.linspace(0, total - 1, min(total, at_most)).astype(int))
