from model.report.sections.leaderboard import plot_leaderboard, plot_serving_cost


def test_each_candidate_has_its_interval_mean_and_held_out_auc(evidence):
    lines = plot_leaderboard(evidence).figure.axes[0].lines

    drawn = [line.get_xdata() for line in lines[:6]]
    assert [list(values) for values in drawn] == [
        [0.79, 0.83],
        [0.81],
        [0.8],
        [0.79, 0.83],
        [0.78],
        [0.8],
    ]


def test_the_one_that_serves_is_named(evidence):
    labels = [text.get_text() for text in plot_leaderboard(evidence).figure.axes[0].texts]

    assert labels == ["LogisticRegression (serves)", "GaussianNB"]


def test_quality_stands_against_both_costs_and_the_front_is_ringed(evidence):
    plot = plot_serving_cost(evidence)

    for axes, cost in zip(plot.figure.axes, (1.234, 2.5), strict=True):
        ring, dot = axes.lines
        assert (ring.get_fillstyle(), dot.get_fillstyle()) == ("none", "full")
        assert [list(line.get_xydata()[0]) for line in (ring, dot)] == [[cost, 0.81]] * 2
        assert [text.get_text() for text in axes.texts] == [f"LogisticRegression {cost:,.1f}"]


def test_what_cannot_be_exported_is_named(evidence):
    assert plot_serving_cost(evidence).caption.endswith("can't be exported: GaussianNB.")
