from dataclasses import replace

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from model.competition import leaderboard as leaderboard_module
from model.competition.blending import NAME, add_blend
from model.competition.leaderboard import rank_candidates, replace_entry
from model.competition.serving import weigh_entries
from model.competition.speed import COSTS_US
from model.fitting.candidates import build_candidates

NAMES = ("GradientBoostingClassifier", "LogisticRegression", "HistGradientBoostingClassifier")


@pytest.fixture
def candidates(customers):
    built = build_candidates(customers.numeric, customers.categorical)
    plain = built["LogisticRegression"]
    strict = Pipeline([plain.steps[0], ("model", LogisticRegression(C=0.05))])
    return {"slow": built["GradientBoostingClassifier"], "plain": plain, "strict": strict}


def blend(customers, candidates):
    ranked = weigh_entries(rank_candidates(customers, candidates), customers)
    entries = add_blend(ranked, customers, 25, 300).entries
    return next(entry.pipeline for entry in entries if entry.name == NAME)


def test_of_a_sample_only_what_can_learn_from_all_is_blended(customers, candidates, monkeypatch):
    monkeypatch.setattr(leaderboard_module, "MAX_RANKED_ROWS", 50)

    members = blend(customers, candidates).members

    assert {type(member[-1]) for member in members} == {LogisticRegression}


def test_of_a_whole_table_whatever_helps_is_blended(customers, candidates):
    slow = {"slow": candidates["slow"], "strict": candidates["strict"]}
    first, *_ = sorted(
        rank_candidates(customers, slow).entries, key=lambda entry: entry.cv_log_loss
    )

    members = blend(customers, slow).members

    assert type(first.pipeline[-1]) in {type(member[-1]) for member in members}


@pytest.fixture(scope="module")
def leaderboard(customers):
    candidates = build_candidates(customers.numeric, customers.categorical, customers.grouped)
    ranked = rank_candidates(customers, {name: candidates[name] for name in NAMES})
    return weigh_entries(ranked, customers)


def blend_within(max_us, leaderboard, customers):
    entries = weigh_entries(add_blend(leaderboard, customers, max_us, 300), customers).entries
    return next(entry for entry in entries if entry.name == NAME)


def test_a_blend_is_as_good_as_the_best_of_its_members(leaderboard, customers):
    found = blend_within(25, leaderboard, customers)

    best = min(entry.cv_log_loss for entry in leaderboard.entries)
    assert found.cv_log_loss < best + 0.001  # its weights hadn't seen the customer, either
    assert len(found.pipeline.members) > 1


def test_members_share_the_checks_of_a_record_but_keep_within_the_limit(leaderboard, customers):
    free = blend_within(1_000, leaderboard, customers)
    members = [e for e in leaderboard.entries if e.pipeline in free.pipeline.members]
    twice = COSTS_US["tree terms"]  # both boostings' trees are one term, which each is charged for
    limit = free.prediction_us + twice + 0.6

    tight = blend_within(limit, leaderboard, customers)

    assert sum(entry.prediction_us for entry in members) > limit
    assert tight.pipeline.weights == free.pipeline.weights
    assert tight.prediction_us <= limit


def test_a_file_that_is_too_large_is_in_no_blend(leaderboard, customers):
    largest = max(leaderboard.entries, key=lambda entry: entry.artifact_bytes)
    grown = replace_entry(leaderboard, largest, replace(largest, artifact_bytes=301_000))

    found = blend_within(25, grown, customers)

    assert largest.pipeline not in found.pipeline.members
