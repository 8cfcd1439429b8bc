from dataclasses import replace

import numpy as np
import pytest

from model.competition.leaderboard import Entry, Leaderboard
from model.competition.serving import choose_entry, choose_served, explain_choice, weigh_entries
from model.errors import ExportError


def entry(name, auc, loss, *, margin=0.01, us=5.0, kilobytes=50, refusal=None):
    return Entry(
        name=name,
        type="sklearn",
        pipeline=None,
        cv_auc=auc,
        cv_auc_std=0.01,
        cv_auc_low=auc - 0.02,
        cv_auc_high=auc + 0.02,
        cv_log_loss=loss,
        metrics={},
        fit_time_s=1.0,
        behind_best=0.9 - auc,
        behind_best_margin=margin if auc < 0.9 else 0.0,
        artifact_bytes=kilobytes * 1000,
        prediction_us=us,
        refusal=refusal,
    )


BEST = entry("best", 0.900, 0.41)
CLOSE = entry("close", 0.895, 0.40)
BEHIND = entry("behind", 0.880, 0.30)


def leaderboard(*entries):
    rows = np.arange(2)
    return Leaderboard(entries, rows, rows, [], rows, {}, {})


def test_of_those_that_cannot_be_told_apart_the_lower_log_loss_is_chosen():
    assert choose_entry([BEST, CLOSE, BEHIND]) is CLOSE


def test_one_that_is_surely_behind_is_not_chosen_for_its_log_loss():
    assert choose_entry([BEST, BEHIND]) is BEST


def test_of_equally_good_ones_the_faster_is_chosen():
    fast = replace(CLOSE, name="fast", prediction_us=2.0, cv_log_loss=0.40001)

    assert choose_entry([BEST, CLOSE, fast]) is fast


@pytest.mark.parametrize(
    ("limits", "name"),
    [((25, 300), "close"), ((4.9, 300), "quick"), ((25, 20), "small")],
    ids=["both within", "microseconds", "kilobytes"],
)
def test_only_what_keeps_within_the_limits_serves(limits, name):
    quick = entry("quick", 0.87, 0.5, us=1.0)
    small = entry("small", 0.86, 0.5, kilobytes=10)

    assert choose_served(leaderboard(BEST, CLOSE, quick, small), *limits).name == name


def test_limits_that_nothing_keeps_are_refused():
    with pytest.raises(ExportError) as caught:
        choose_served(leaderboard(BEST, CLOSE), 1, 300)

    assert str(caught.value) == "best: 5.0 µs is more than --max-us 1; nor is any other within it"


def test_what_cannot_be_exported_serves_never():
    refused = replace(BEST, refusal="no")

    assert choose_served(leaderboard(refused, BEHIND), 25, 300) is BEHIND
    with pytest.raises(ExportError, match=r"^best: can't be exported: no$"):
        choose_served(leaderboard(refused), 25, 300)


def test_why_another_serves_is_explained():
    assert explain_choice(BEST, 25, 20) == "best: 50 kB is more than --max-kb 20"
    assert explain_choice(BEST, 25, 300) == "the best that can be exported"


def test_the_front_is_what_no_other_beats_in_all_three():
    worse = entry("worse", 0.85, 0.5, us=6.0, kilobytes=60)
    small = entry("small", 0.86, 0.5, kilobytes=10)
    refused = replace(BEST, name="refused", refusal="no", artifact_bytes=None, prediction_us=None)

    weighed = weigh_entries(leaderboard(BEST, refused, small, worse), dataset=None)

    on_front = {entry.name: entry.is_on_front for entry in weighed.entries}
    assert on_front == {"best": True, "refused": False, "small": True, "worse": False}
