"""Numbers around the points where scikit-learn's own comparison flips, found without the export."""

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier

from inference.scoring.artifact import load_artifact
from inference.scoring.batch import score_records
from model.export.classifiers import read_ensemble
from model.export.ensembles import LEAF
from model.export.model_file import build_artifact, serialize
from model.export.parity import TOLERANCE, to_records

PROBES = 4000


@pytest.mark.parametrize("width", [1e-16, 1e-8, 1e-7, 1e-6, 1e-3])
@pytest.mark.parametrize(
    "classifier",
    [
        GradientBoostingClassifier(n_estimators=50, subsample=0.5),
        HistGradientBoostingClassifier(max_iter=20),
    ],
    ids=["float32", "float64"],
)
def test_numbers_close_to_a_split_go_its_way(sample, fit, rng, classifier, width):
    classifier.set_params(random_state=int(rng.integers(2**31)))
    pipeline = fit(classifier, sample)
    artifact = load_artifact(serialize(build_artifact(pipeline, sample, range(400)), {}))
    frame = sample.frame.iloc[rng.integers(0, len(sample.frame), PROBES)].reset_index(drop=True)
    for column, name in enumerate(sample.numeric):
        splits = find_splits(pipeline, column)
        near = rng.choice(splits, PROBES) * (1 + rng.normal(0, width, PROBES))
        frame[name] = np.where(rng.random(PROBES) < 0.5, near, frame[name])

    batch = score_records(artifact, to_records(frame))

    expected = pipeline.predict_proba(frame)[:, 1]
    assert np.abs(np.array(batch.predictions) - expected).max() <= TOLERANCE


def find_splits(pipeline, column):
    """Return a column's thresholds, scaled back in plain arithmetic: up to rounding, raw values."""
    scaler = pipeline[0].named_transformers_["numbers"][1]
    trees = read_ensemble(pipeline[1]).trees
    scaled = [tree.thresholds[(tree.columns == column) & (tree.left != LEAF)] for tree in trees]
    return np.concatenate([*scaled, [0.0]]) * scaler.scale_[column] + scaler.mean_[column]
