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


def test_cost_is_written_beside_its_dot_and_a_refusal_said(evidence):
    left, right = plot_serving_cost(evidence).figure.axes

    assert [text.get_text() for text in left.texts][:2] == ["1.2", "can't be exported"]
    assert [text.get_text() for text in right.texts][:2] == ["2.5", "can't be exported"]
