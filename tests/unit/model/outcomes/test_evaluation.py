import json

import numpy as np
import pytest

from model.errors import DataError
from model.outcomes.evaluation import evaluate
from model.outcomes.joining import Customers

COUNTS = {"joined": 1_000}
ASK = "nobody says which customers were made an offer (--treated COLUMN)"
MORE = "more customers left than the probabilities said, beyond chance"
LOWER = "AUC is lower than promised by more than 0.01, beyond chance"


@pytest.fixture
def look(draw, artifact):
    """Return the function that draws customers and looks at what became of them."""

    def make(count=1_000, seed=3, **how):
        customers = draw(count, np.random.default_rng(seed), **how)
        return evaluate(customers, COUNTS, artifact, "2026-11")

    return make


def test_look_names_model_period_and_groups(look, artifact):
    found = look(treated_share=0.4, kept=0.3)

    assert (found["model_version"], found["period"]) == (artifact.version, "2026-11")
    assert (found["joined"], found["proof"]) == (COUNTS, "untreated")
    assert list(found["groups"]) == ["untreated", "treated"]
    assert sum(group["customers"] for group in found["groups"].values()) == 1_000
    assert found["offers"]["kept_share"]["value"] > 0
    assert json.loads(json.dumps(found)) == found


def test_unknown_treatment_is_warned_of(look):
    found = look()

    assert (found["proof"], list(found["groups"]), found["offers"]) == ("all", ["all"], {})
    assert found["notes"][0].startswith(ASK)


def test_customers_who_were_called_prove_nothing(draw, artifact):
    customers = draw(4_000, np.random.default_rng(4), treated_share=0.5, kept=0.9)
    others = customers.select(~customers.treated)

    mixed = evaluate(customers, COUNTS, artifact, "2026-11")
    alone = evaluate(
        Customers(others.probability, others.flagged, others.left, None),
        COUNTS,
        artifact,
        "2026-11",
    )

    assert mixed["groups"]["untreated"] == alone["groups"]["all"]


def test_profit_comes_from_the_model_file_unless_it_is_said(draw, artifact, economics):
    customers = draw(1_000, np.random.default_rng(3))

    without = evaluate(customers, COUNTS, artifact, "2026-11")
    said = evaluate(customers, COUNTS, artifact, "2026-11", economics)
    artifact.schema["economics"] = economics
    stored = evaluate(customers, COUNTS, artifact, "2026-11")

    assert "profit_per_1000" not in without["groups"]["all"]["figures"]
    assert "profit_per_1000" in said["groups"]["all"]["figures"]
    assert stored["groups"] == said["groups"]


def test_broken_promises_are_told(look, artifact):
    artifact.meta["metrics"]["auc"] = 0.97

    assert look(excess=0.1, count=3_000)["notes"][1:] == [MORE, LOWER]


def test_kept_promises_are_not(look, artifact):
    artifact.meta["metrics"]["auc"] = 0.8

    assert len(look()["notes"]) == 1


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"count": 99}, "the outcomes of 99 customers say little: 100 do"),
        (
            {"count": 150, "treated_share": 1.0},
            "the outcomes of 0 untreated customers say little: 100 do",
        ),
        ({"excess": 1.0}, "all 1,000 customers left: nothing tells good scores from bad"),
        ({"excess": -1.0}, "all 1,000 customers stayed: nothing tells good scores from bad"),
    ],
    ids=["few", "none untreated", "all left", "none left"],
)
def test_customers_who_say_nothing_are_refused(look, how, message):
    with pytest.raises(DataError) as caught:
        look(**how)

    assert str(caught.value) == message


def test_a_small_group_of_treated_is_not_told(look):
    found = look(treated_share=0.05)

    assert (list(found["groups"]), found["offers"]) == (["untreated"], {})
    assert found["notes"][0].startswith("fewer than 100 customers were made an offer")
