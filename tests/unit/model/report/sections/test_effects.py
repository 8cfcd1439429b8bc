import numpy as np
import pytest

from inference.scoring.records import encode_record
from model.errors import ModelError
from model.export.parity import to_records
from model.report.evidence import gather_evidence
from model.report.sections import effects as effects_module
from model.report.sections.drivers import plot_effects, plot_importance
from model.report.sections.effects import explain_held_out, rank_features

TREE = {  # a forest of two trees: shares by tenure, then by contract
    "kind": "trees",
    "link": "identity",
    "baseline": 0.0,
    "divisor": 2,
    "thresholds": [[20.0], []],
    "category_sets": [[2, [1]]],
    "trees": {
        "nodes": [[0, -1, -1], [1, -1, -1]],
        "values": [[0.75, 0.25], [0.5, 0.0]],
        "weights": [[100.0, 220.0], [160.0, 160.0]],
    },
}


def test_effects_and_base_add_up_to_the_score(evidence):
    found = explain_held_out(evidence)

    totals = found.base + found.values.sum(axis=1)
    assert found.unit == "log-odds"
    assert found.basis == "the 80 held-out customers"
    assert totals == pytest.approx(np.log(evidence.probabilities / (1 - evidence.probabilities)))


def test_effects_of_a_forest_are_probabilities(described, pack, table, rows):
    described["artifact"] = TREE
    forest = gather_evidence(pack(described), table, rows)

    found = explain_held_out(forest)

    assert found.unit == "probability"
    assert found.base + found.values.sum(axis=1) == pytest.approx(forest.probabilities)


def test_features_are_ranked_by_mean_absolute_effect(evidence):
    found = explain_held_out(evidence)

    ranked = rank_features(evidence, found)

    means = np.abs(found.values).mean(axis=0)
    assert [item.column for item in ranked] == np.argsort(-means).tolist()
    assert ranked[0].feature == evidence.frame.columns[ranked[0].column]
    assert ranked[0].mean_absolute == means.max()


def test_some_customers_are_drawn_where_there_are_too_many(evidence, monkeypatch):
    monkeypatch.setattr(effects_module, "MAX_CUSTOMERS", 30)

    found = explain_held_out(evidence)

    assert found.basis == "a random 30 of the 80 held-out customers"
    assert len(set(found.rows)) == len(found.values) == 30
    numbers, categories, _ = encode_record(
        to_records(evidence.frame.iloc[found.rows[:1]])[0], evidence.artifact.features
    )
    score = evidence.artifact.score(numbers, categories)
    assert found.base + found.values[0].sum() == pytest.approx(score)


@pytest.mark.parametrize(("visits", "rows"), [(100_000, 40), (4_000_000, 20), (10, 80)])
def test_large_forests_are_explained_for_as_many_as_there_is_time_for(visits, rows):
    assert len(effects_module.choose_rows(80, visits)) == rows


def test_a_model_that_cannot_be_explained_says_why(described, pack, table, rows):
    del described["training_meta"]["feature_means"]

    with pytest.raises(ModelError) as caught:
        explain_held_out(gather_evidence(pack(described), table, rows))

    assert str(caught.value) == (
        "report: reasons: this model's file holds no training means; train it anew"
    )


def test_each_feature_has_a_picture_on_one_scale(evidence):
    found = explain_held_out(evidence)

    plots = plot_effects(evidence, found)

    ranked = [item.feature for item in rank_features(evidence, found)]
    assert [plot.title for plot in plots] == ranked
    assert [plot.name for plot in plots] == [
        f"effect-{place:02}-{name}" for place, name in enumerate(ranked, start=1)
    ]
    scales = {
        axes.get_ylim() if name in ("tenure", "charges") else axes.get_xlim()
        for name, axes in ((plot.title, plot.figure.axes[0]) for plot in plots)
    }
    assert len(scales) == 1


def test_importance_is_drawn_as_ranked(evidence):
    found = explain_held_out(evidence)

    bars = plot_importance(evidence, found).figure.axes[0].patches

    assert [bar.get_width() for bar in bars] == [
        item.mean_absolute for item in rank_features(evidence, found)
    ]
