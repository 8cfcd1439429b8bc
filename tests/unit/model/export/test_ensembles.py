import numpy as np
import pytest
from scipy.special import logit
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier

from model.errors import ExportError
from model.export.classifiers import read_ensemble


@pytest.fixture
def matrix():
    rng = np.random.default_rng(1)
    return rng.integers(0, 4, (60, 2)).astype(float)


@pytest.fixture
def target(matrix):
    return (matrix.sum(axis=1) > 3).astype(int)


def boost(matrix, target, **options):
    return GradientBoostingClassifier(n_estimators=3, max_depth=1, **options).fit(matrix, target)


def test_boosting_starts_at_the_prior_log_odds(matrix, target):
    ensemble = read_ensemble(boost(matrix, target))

    assert (ensemble.link, ensemble.divisor) == ("logit", 1)
    assert ensemble.baseline == logit(target.mean())


def test_boosting_from_zero_has_no_baseline(matrix, target):
    assert read_ensemble(boost(matrix, target, init="zero")).baseline == 0.0


def test_learning_rate_is_in_the_values(matrix, target):
    classifier = boost(matrix, target, learning_rate=0.3)

    values = [tree.values.tolist() for tree in read_ensemble(classifier).trees]

    stages = classifier.estimators_[:, 0]
    assert values == [(0.3 * stage.tree_.value[:, 0, 0]).tolist() for stage in stages]


def test_exponential_loss_doubles_baseline_and_values(matrix, target):
    classifier = boost(matrix, target, loss="exponential")

    ensemble = read_ensemble(classifier)

    raw = classifier.decision_function(matrix[:1])
    (tree, *_) = classifier.estimators_[:, 0]
    assert ensemble.baseline == logit(target.mean())
    assert ensemble.trees[0].values.tolist() == (0.2 * tree.tree_.value[:, 0, 0]).tolist()
    assert classifier.predict_proba(matrix[:1])[0, 1] == 1 / (1 + np.exp(-2 * raw[0]))


def test_other_starting_points_are_refused(matrix, target):
    classifier = boost(matrix, target, init=DummyClassifier(strategy="stratified"))

    with pytest.raises(ExportError) as refusal:
        read_ensemble(classifier)

    assert str(refusal.value) == "GradientBoostingClassifier(init=…): expected None or 'zero'"


def test_native_categories_are_refused(matrix, target):
    classifier = HistGradientBoostingClassifier(categorical_features=[0]).fit(matrix, target)

    with pytest.raises(ExportError) as refusal:
        read_ensemble(classifier)

    name = "HistGradientBoostingClassifier"
    expected = f"{name}(categorical_features=…): expected 0/1 columns only"
    assert str(refusal.value) == expected
