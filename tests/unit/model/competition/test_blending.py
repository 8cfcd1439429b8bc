import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from model.competition import leaderboard as leaderboard_module
from model.competition.blending import NAME, add_blend
from model.competition.leaderboard import rank_candidates
from model.competition.serving import weigh_entries
from model.fitting.candidates import build_candidates


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
