import numpy as np

from model.outcomes.evaluation import evaluate
from model.outcomes.joining import Customers
from model.report.page import build_page
from model.report.sections.outcomes import write_outcomes


def make_look(artifact, period, treated=None):
    generator = np.random.default_rng(4)
    probability = generator.beta(0.8, 2.2, 1_000)
    left = (generator.random(1_000) < probability).astype(np.int64)
    customers = Customers(probability, probability > 0.5, left, treated)
    return evaluate(customers, {}, artifact, period)


def test_section_tells_each_period_and_the_last_one_in_full(evidence):
    untreated = np.arange(1_000) < 700
    looks = [
        make_look(evidence.artifact, "2026-10"),
        make_look(evidence.artifact, "2026-11", ~untreated),
    ]

    html = build_page(evidence, write_outcomes(looks), {})

    auc = looks[1]["groups"]["untreated"]["figures"]["auc"]
    assert [f">{look['period']}</th>" in html for look in looks] == [True, True]
    assert "700 customers scored in 2026-11" in html
    assert [f"{auc[name]:.4f}" in html for name in ("value", "low", "high")] == [True] * 3
    assert "only the others prove how good the scores are" in html


def test_nothing_is_said_where_nobody_has_told_it():
    assert write_outcomes([]) == []
