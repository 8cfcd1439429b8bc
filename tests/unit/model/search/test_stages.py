import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import log_loss, roc_auc_score

from model.evaluation.folds import split_folds
from model.fitting.preprocessing import build_preprocessing
from model.fitting.processes import run_side_by_side
from model.search.families import list_families
from model.search.stages import STEP, fit_stages
from model.search.trials import Learning, try_settings

FAMILIES = {family.library: family for family in list_families()[0]}
TREES = 40


@pytest.fixture(scope="module")
def parts():
    matrix, target = make_classification(600, random_state=1)
    return (matrix[:400], target[:400]), (matrix[400:], target[400:])


@pytest.mark.parametrize("library", FAMILIES)
def test_a_stage_is_what_a_fit_with_so_many_trees_gives(parts, library):
    family = FAMILIES[library]
    seen, unseen = parts

    stages = fit_stages(family.build(family.starts[0], TREES), seen, unseen)

    assert len(stages) in {3, 4}  # LightGBM finds nothing to split after 37
    for stage in range(len(stages)):
        trees = (stage + 1) * STEP
        fitted = family.build(family.starts[0], trees).fit(*seen)
        expected = fitted.predict_proba(unseen[0])[:, 1]
        assert 1 / (1 + np.exp(-stages[stage])) == pytest.approx(expected)


def test_a_trial_takes_the_number_of_trees_with_the_lowest_loss(customers):
    family = FAMILIES["sklearn"]
    folds = split_folds(customers.target)[:5]
    columns = (customers.numeric, customers.categorical, ())
    fits = []

    with run_side_by_side(80) as run:
        learning = Learning(customers.frame, customers.target, folds, columns, run)
        trial = try_settings(learning, family, family.starts[1], lambda: fits.append(1))

    probabilities = np.empty(80)
    aucs = []
    for seen, unseen in folds:
        preprocessing = build_preprocessing(*columns, keeps_blanks=True)
        learned = preprocessing.fit_transform(customers.frame.iloc[seen])
        classifier = family.build(family.starts[1], trial.trees).fit(
            learned, customers.target[seen]
        )
        judged = preprocessing.transform(customers.frame.iloc[unseen])
        probabilities[unseen] = classifier.predict_proba(judged)[:, 1]
        aucs.append(roc_auc_score(customers.target[unseen], probabilities[unseen]))
    assert trial.loss == pytest.approx(log_loss(customers.target, probabilities))
    assert trial.auc == pytest.approx(np.mean(aucs))
    assert len(fits) == 5
