"""How plots look: one style, colours that colour-blind people can tell apart, PNG bytes."""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito, Color Universal Design (2008), jfly.uni-koeln.de/color; in print they differ in
# lightness too, and no plot tells things apart by colour alone.
BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
SKY = "#56B4E9"
GREY = "#6B7280"
MID_GREY = "#9CA3AF"
INK = "#1F2937"

LEAVERS, STAYERS = VERMILLION, BLUE  # also what raises a score, and what lowers it

WIDTH_IN, HEIGHT_IN = 4.7, 3.4  # shown at some 500 pixels, and at 350 on a phone
MAX_LABEL = 60  # characters of a name above its row
_DPI = 200
_FONTS = (  # the second ones for scripts that the first lacks, where they are installed
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "Malgun Gothic",
)
_STYLE: dict[str, Any] = {
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 9,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E5E7EB",
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 2.0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "text.parse_math": False,  # a "$" in a column's name is a "$"
    "axes.unicode_minus": True,
}


@dataclass(frozen=True, eq=False)
class Plot:
    """A picture with what a reader needs beside it.

    Attributes:
        name: of its file, without ".png".
        title: what it shows.
        caption: how to read it.
        basis: what it is computed on; nothing where the text beside many pictures says it.
        figure: as matplotlib has it.
    """

    name: str
    title: str
    caption: str
    basis: str
    figure: Figure


@contextmanager
def plot_style() -> Iterator[None]:
    """Give every figure that is made and rendered inside the same look."""
    installed = set(font_manager.get_font_names())
    families = [name for name in _FONTS if name in installed]
    style: dict[Any, Any] = _STYLE | {"font.family": families}
    with rc_context(style):
        yield


def new_figure(
    title: str, width_in: float = WIDTH_IN, height_in: float = HEIGHT_IN
) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes."""
    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    return figure, axes


def render(figure: Figure, *, is_synthetic: bool) -> bytes:
    """Return the PNG; one from made-up customers says so across the picture."""
    if is_synthetic:
        figure.text(
            0.5,
            0.5,
            "SYNTHETIC DATA",
            fontsize=figure.get_figwidth() * 6,
            fontweight="bold",
            color=VERMILLION,
            alpha=0.22,
            rotation=25,
            ha="center",
            va="center",
            zorder=10,
        )
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # A script that no installed font has is drawn as boxes; the page's tables have the text.
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(buffer, format="png", dpi=_DPI)
    return buffer.getvalue()


def shorten(text: str, most: int) -> str:
    """Return a text on one line, cut at so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def label_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Write a label above each row of a horizontal plot, the first row on top.

    Long names beside the axis would take the room that the plot needs on a phone.
    """
    places = axes.get_yaxis_transform()
    for row, label in enumerate(labels):
        text = axes.text(0, row - 0.22, shorten(label, MAX_LABEL), transform=places, fontsize=8.5)
        text.set_in_layout(False)  # a long one may run over the edge rather than squeeze the plot
    axes.set_ylim(len(labels) - 0.55, -0.85)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
