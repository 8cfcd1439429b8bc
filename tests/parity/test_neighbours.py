"""Numbers around the points where a library's own comparison flips, found without the export."""

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


@pytest.fixture(params=["GradientBoosting", "HistGradientBoosting", "lightgbm", "catboost"])
def classifier(request, rng, make_booster):
    """One that rounds numbers to float32 before it compares them, or one that doesn't."""
    seed = int(rng.integers(2**31))
    if request.param == "GradientBoosting":
        return GradientBoostingClassifier(n_estimators=50, subsample=0.5, random_state=seed)
    if request.param == "HistGradientBoosting":
        return HistGradientBoostingClassifier(max_iter=20, random_state=seed)
    return make_booster(request.param)


# LightGBM names the columns of an array, and then misses the names
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
@pytest.mark.parametrize("width", [1e-16, 1e-8, 1e-7, 1e-6, 1e-3])
def test_numbers_close_to_a_split_go_its_way(sample, fit, rng, classifier, width):
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
    ensemble = read_ensemble(pipeline[1])
    trees = [(tree, tree.left != LEAF) for tree in ensemble.trees]
    scaled = [tree.thresholds[is_split & (tree.columns == column)] for tree, is_split in trees]
    scaled += [tree.thresholds[tree.columns == column] for tree in ensemble.symmetric]
    return np.concatenate([*scaled, [0.0]]) * scaler.scale_[column] + scaler.mean_[column]
