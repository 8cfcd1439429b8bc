import sys

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from model.evaluation.folds import split_dataset
from model.search.families import list_families
from model.search.search import count_trials, plan_trials, search_candidates

PLANNED = 4


@pytest.fixture(scope="module")
def found(customers):
    return search_candidates(customers, PLANNED, 60.0, lambda *_: None)


@pytest.fixture(scope="module")
def searched(customers):
    """All of the families' own settings tried, and a few more."""
    return search_candidates(customers, 12, 600.0, lambda *_: None)


def test_a_budget_is_counted_in_trials_by_the_tables_size():
    # a fit of 1,000 x 50: 0.2 + 1,000 x (3e-5 + 50 x 6e-7) = 0.26 s; five folds on two cores
    assert count_trials(1_000, 50, 10) == 10  # 0.6 x 10 x 2 / (5 x 0.26) = 9.2, rounded up
    assert count_trials(1_000, 50, 1_000) == 60
    assert count_trials(1_000, 50, 0) == 0


def test_a_plan_counts_rows_of_the_training_part_and_encoded_columns(customers):
    rows, _ = split_dataset(customers)
    texts = sum(customers.frame.iloc[rows][name].nunique() for name in customers.categorical)

    expected = count_trials(len(rows), len(customers.numeric) + texts, 2.0)

    assert plan_trials(customers, 2.0) == expected


def test_each_family_starts_with_settings_that_are_known_to_do(found):
    families, _ = list_families()

    first = found.trials[: len(families)]

    assert [trial.family for trial in first] == families
    assert [trial.settings for trial in first] == [family.starts[0] for family in families]


@pytest.mark.parametrize(
    ("suffix", "rank"),
    [("", lambda trial: trial.loss), ("-auc", lambda trial: -trial.auc)],
    ids=["by log loss", "by AUC"],
)
def test_the_best_settings_of_each_family_compete_unfitted(searched, suffix, rank):
    families, _ = list_families()
    for family in families:
        trials = [trial for trial in searched.trials if trial.family == family]
        by_loss, best = min(trials, key=lambda trial: trial.loss), min(trials, key=rank)
        name = family.name if best is by_loss else family.name + suffix

        pipeline = searched.candidates[name]

        params = pipeline[-1].get_params()
        assert {key: params[key] for key in best.settings} == best.settings
        assert best.trees in {params.get("max_iter"), params.get("n_estimators")}
        with pytest.raises(NotFittedError):
            check_is_fitted(pipeline[0])


def test_settings_that_are_best_in_both_ways_compete_once(searched):
    best = {
        min((trial for trial in searched.trials if trial.family == family), key=rank)
        for family in list_families()[0]
        for rank in (lambda trial: trial.loss, lambda trial: -trial.auc)
    }

    assert len(searched.candidates) == len(best)


def test_the_same_table_and_plan_give_the_same_trials(customers, found):
    again = search_candidates(customers, PLANNED, 60.0, lambda *_: None)

    assert [trial.settings for trial in again.trials] == [trial.settings for trial in found.trials]
    assert [trial.loss for trial in again.trials] == [trial.loss for trial in found.trials]


def test_after_the_starts_settings_are_drawn_within_their_space(customers):
    starts = sum(len(family.starts) for family in list_families()[0])

    trials = search_candidates(customers, starts + 2, 600.0, lambda *_: None).trials

    for trial in trials[starts:]:
        for name, (low, high) in trial.family.space.items():
            assert low <= trial.settings[name] <= high
    assert len({str(trial.settings) for trial in trials}) == len(trials)


def test_every_fit_is_reported_with_the_best_so_far(customers):
    calls = []

    found = search_candidates(customers, 2, 60.0, lambda *call: calls.append(call))

    first, second = found.trials
    assert calls == [(first.family.name, None)] * 5 + [(second.family.name, first)] * 5
    assert found.to_meta() == {"budget_s": 60.0, "planned": 2, "tried": 2}


def test_an_interrupt_ends_the_search_and_keeps_what_was_found(customers):
    calls = []

    def interrupt(*call):
        calls.append(call)
        if len(calls) == 7:  # in the second trial
            raise KeyboardInterrupt

    found = search_candidates(customers, PLANNED, 60.0, interrupt)

    assert len(found.trials) == len(found.candidates) == 1
    assert found.notes[-1] == (
        "Ctrl-C ended the search after 1 of 4 trials; another run may find something else"
    )
    assert found.to_meta() == {"budget_s": 60.0, "planned": 4, "tried": 1, "ended_by": "Ctrl-C"}


def test_the_clock_ends_a_search_after_the_families_own_settings(customers):
    least = 2 * len(list_families()[0])

    found = search_candidates(customers, least + 3, 0.0, lambda *_: None)

    assert len(found.trials) == least
    assert found.notes[-1].startswith(f"the clock ended the search after {least} of {least + 3}")


def test_a_library_that_cannot_be_loaded_is_named_with_how_to_help(
    customers, monkeypatch, tmp_path
):
    (tmp_path / "lightgbm.py").write_text("raise OSError('libgomp.so.1: cannot open')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lightgbm", raising=False)
    monkeypatch.setitem(sys.modules, "catboost", None)  # as if it weren't there

    found = search_candidates(customers, 1, 60.0, lambda *_: None)

    assert found.notes[:2] == (
        "CatBoostClassifier: not installed; pip install catboost",
        "LGBMClassifier: lightgbm can't be loaded: libgomp.so.1: cannot open",
    )
    assert list(found.candidates) == ["HistGradientBoostingClassifier"]


def test_losses_are_numbers(found):
    assert np.isfinite([trial.loss for trial in found.trials]).all()
