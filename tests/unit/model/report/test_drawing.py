import io

import numpy as np
from matplotlib.image import imread

from model.report.drawing import label_rows, new_figure, plot_style, render, shorten


def draw(label="", *, is_synthetic=False):
    with plot_style():
        figure, axes = new_figure("A title")
        axes.plot([0, 1], [0, 1])
        label_rows(axes, [label])
        return imread(io.BytesIO(render(figure, is_synthetic=is_synthetic)))


def test_pictures_are_sharp_enough_for_print():
    assert draw().shape == (680, 940, 4)


def test_mark_of_synthetic_data_crosses_the_picture():
    plain, marked = draw(), draw(is_synthetic=True)

    changed = np.argwhere((plain != marked).any(axis=2))
    assert changed.max(axis=0)[1] - changed.min(axis=0)[1] > 400


def test_texts_of_a_table_are_drawn_as_they_are():
    blank = draw("")

    for label in ("$x^{2$", "\\frac{1}", "北海道", "x" * 500, "_", "a\nb"):
        assert (draw(label) != blank).any()


def test_long_texts_are_cut_and_lines_joined():
    assert shorten("a  b\nc", 10) == "a b c"
    assert shorten("0123456789", 10) == "0123456789"
    assert shorten("0123456789x", 10) == "012345678…"
