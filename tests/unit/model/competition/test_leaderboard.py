import numpy as np
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.exceptions import NotFittedError
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import (
    RepeatedStratifiedKFold,
    cross_val_predict,
    train_test_split,
)
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from model.competition.leaderboard import count_fits, rank_candidates
from model.errors import DataError
from model.evaluation.folds import split_rows
from model.fitting.candidates import build_candidates
from model.reading.csv_table import parse_table
from model.table.columns import INFER_ALL
from model.table.dataset import build_dataset

T_9_DEGREES = 2.2621571627  # Student's t, 97.5 %; from a printed table


@pytest.fixture(scope="module")
def candidates(customers):
    linear = build_candidates(customers.numeric, customers.categorical)["LogisticRegression"]
    forest = ExtraTreesClassifier(n_estimators=5, random_state=1)
    return {
        "constant": Pipeline([linear.steps[0], ("model", DummyClassifier())]),
        "LogisticRegression": linear,
        "ExtraTreesClassifier": Pipeline([linear.steps[0], ("model", forest)]),
    }


@pytest.fixture(scope="module")
def leaderboard(customers, candidates):
    return rank_candidates(customers, candidates)


@pytest.fixture(scope="module")
def folds(customers, leaderboard):
    target = customers.target[leaderboard.train_rows]
    splitter = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=42)
    return list(splitter.split(target, target))


@pytest.fixture(scope="module")
def out_of_fold(customers, candidates, leaderboard, folds):
    """Name -> what scikit-learn's own cross-validation predicts, a row per repeat."""
    rows = leaderboard.train_rows
    train = customers.frame.iloc[rows], customers.target[rows]
    return {
        name: np.array(
            [
                cross_val_predict(pipeline, *train, cv=repeat, method="predict_proba")[:, 1]
                for repeat in (folds[:5], folds[5:])
            ]
        )
        for name, pipeline in candidates.items()
    }


@pytest.fixture(scope="module")
def aucs(customers, leaderboard, folds, out_of_fold):
    """Name -> AUC per fold."""
    target = customers.target[leaderboard.train_rows]
    return {
        name: np.array(
            [
                roc_auc_score(target[unseen], probabilities[fold // 5, unseen])
                for fold, (_, unseen) in enumerate(folds)
            ]
        )
        for name, probabilities in out_of_fold.items()
    }


def test_a_fifth_of_the_rows_is_held_out_as_in_the_first_version(customers, leaderboard):
    frame, held_out = train_test_split(
        customers.frame, test_size=0.2, random_state=42, stratify=customers.target
    )

    assert leaderboard.train_rows.tolist() == frame.index.tolist()
    assert leaderboard.test_rows.tolist() == held_out.index.tolist()


def test_cross_validation_on_the_training_part_is_scikit_learns(leaderboard, aucs):
    for entry in leaderboard.entries:
        mean, std = aucs[entry.name].mean(), aucs[entry.name].std(ddof=1)
        margin = T_9_DEGREES * std * np.sqrt(1 / 10 + 1 / 4)
        assert entry.cv_auc == pytest.approx(mean)
        assert entry.cv_auc_std == pytest.approx(std)
        assert entry.cv_auc_low == pytest.approx(mean - margin)
        assert entry.cv_auc_high == pytest.approx(min(1, mean + margin))


def test_entries_are_ranked_by_cross_validation(leaderboard):
    aucs = [entry.cv_auc for entry in leaderboard.entries]

    assert aucs == sorted(aucs, reverse=True)
    assert leaderboard.entries[-1].name == "constant"
    assert leaderboard.entries[-1].cv_auc == 0.5


def test_distance_from_the_best_is_taken_fold_by_fold(leaderboard, aucs):
    best, _, worst = leaderboard.entries

    behind = aucs[best.name] - aucs[worst.name]
    margin = T_9_DEGREES * behind.std(ddof=1) * np.sqrt(1 / 10 + 1 / 4)
    assert (best.behind_best, best.behind_best_margin) == (0, 0)
    assert worst.behind_best == pytest.approx(behind.mean())
    assert worst.behind_best_margin == pytest.approx(margin)


def test_out_of_fold_probabilities_come_from_models_that_had_not_seen_the_row(
    leaderboard, out_of_fold
):
    for name, expected in out_of_fold.items():
        assert leaderboard.out_of_fold[name] == pytest.approx(expected)


def test_figures_on_held_out_rows_describe_the_pipeline_of_the_entry(customers, leaderboard):
    frame = customers.frame.iloc[leaderboard.test_rows]
    target = customers.target[leaderboard.test_rows]

    for entry in leaderboard.entries:
        probabilities = entry.pipeline.predict_proba(frame)[:, 1]
        assert leaderboard.test_probabilities[entry.name].tolist() == probabilities.tolist()
        assert entry.metrics["auc"] == roc_auc_score(target, probabilities)


def test_the_pipelines_have_learned_from_the_training_part_only(customers, candidates, leaderboard):
    entry = next(entry for entry in leaderboard.entries if entry.name == "LogisticRegression")
    rows = leaderboard.train_rows

    expected = clone(candidates["LogisticRegression"]).fit(
        customers.frame.iloc[rows], customers.target[rows]
    )

    assert entry.pipeline[-1].coef_.tolist() == expected[-1].coef_.tolist()


def test_ranking_again_gives_the_same_figures(customers, candidates, leaderboard):
    name = "ExtraTreesClassifier"

    again = rank_candidates(customers, {name: candidates[name]})

    assert again.out_of_fold[name].tolist() == leaderboard.out_of_fold[name].tolist()
    assert again.entries[0].metrics == next(
        entry.metrics for entry in leaderboard.entries if entry.name == name
    )


def test_candidates_stay_unfitted(leaderboard, candidates):
    assert leaderboard.entries
    for pipeline in candidates.values():
        with pytest.raises(NotFittedError):
            check_is_fitted(pipeline)


def test_every_fit_is_reported(customers, candidates):
    fits = []

    rank_candidates(customers, {"constant": candidates["constant"]}, fits.append)

    assert fits == ["constant"] * 11
    assert count_fits(customers, candidates) == 33


def test_too_few_customers_of_one_kind_are_refused():
    rows = [f"c{row},{row % 7},{'Yes' if row < 9 else 'No'}" for row in range(60)]

    with pytest.raises(DataError) as caught:
        _rank(rows)

    assert str(caught.value) == (
        'few.csv: target "Churn": 9 customers with "Yes"; '
        "at least 10 of each kind are needed to train and test"
    )


def test_the_same_row_over_and_over_is_one_customer():
    rows = [f"a,{row % 7},{'Yes' if row < 9 else 'No'}" for row in range(60)]

    with pytest.raises(DataError) as caught:
        _rank(rows)

    assert str(caught.value) == (
        'few.csv: target "Churn": 7 customers with "No"; '
        "at least 10 of each kind are needed to train and test"
    )


def test_column_that_is_blank_wherever_one_learns_is_refused():
    target = np.arange(60) % 2
    known = split_rows(target)[1][0]
    rows = [
        f"c{row},{'5' if row == known else ''},{'NY'[value]}" for row, value in enumerate(target)
    ]

    with pytest.raises(DataError) as caught:
        _rank(rows)

    assert str(caught.value) == (
        'few.csv: column "tenure": blank in all 48 rows that are there to learn from; '
        'say --drop "tenure"'
    )


def _rank(rows):
    text = "\n".join(["id,tenure,Churn", *rows])
    dataset = build_dataset(parse_table("few.csv", text.encode()), INFER_ALL)
    return rank_candidates(dataset, build_candidates(dataset.numeric, dataset.categorical))
