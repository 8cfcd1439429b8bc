"""From a model file and its table to a report: plots as PNG, and one page with all of them."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.files import write_file
from model.paths import PLOTS_FOLDER, REPORT_NAME
from model.report.calibration import plot_calibration, plot_scores
from model.report.decision import plot_profit
from model.report.discrimination import plot_gain, plot_lift, plot_precision_recall, plot_roc
from model.report.drawing import Plot, plot_style, render
from model.report.effect_plots import plot_effects, plot_importance
from model.report.effects import Effects, explain_held_out
from model.report.evidence import Evidence, gather_evidence
from model.report.leaderboard_plots import plot_leaderboard, plot_serving_cost
from model.report.markup import Html, element
from model.report.page import build_page
from model.report.segments import Segment, measure_segments, plot_segments
from model.table.dataset import Dataset

_OPTIONAL = ("effect-*.png", "segments.png")  # not every table has them: none of another's stays


@dataclass(frozen=True, eq=False)
class Report:
    """A page that needs nothing else, and the same plots as PNG files, by name."""

    html: bytes
    plots: dict[str, bytes]


def build_report(body: bytes, dataset: Dataset, leaderboard: list[dict[str, Any]]) -> Report:
    """Return the report on a model file; writes nothing.

    Args:
        body: the model file.
        dataset: the table that it learned from, whole.
        leaderboard: a row per candidate of the same training, best first (see
            `model.training.leaderboard_output.to_rows`).

    Raises:
        ModelError: the model's effects can't be worked out.
    """
    evidence = gather_evidence(body, dataset, leaderboard)
    effects = explain_held_out(evidence)
    segments = measure_segments(evidence)
    with plot_style():
        plots = _draw(evidence, effects, segments)
        pngs = {
            plot.name: render(plot.figure, is_synthetic=evidence.is_synthetic) for plot in plots
        }
    figures = {plot.name: _embed(plot, pngs[plot.name]) for plot in plots}
    return Report(build_page(evidence, effects, segments, figures).encode(), pngs)


def write_report(report: Report, out: Path) -> Path:
    """Write page and plots into a folder, each file whole or not at all; return the page's path.

    Raises:
        ModelError: one of them can't be written.
    """
    page, folder = out / REPORT_NAME, out / PLOTS_FOLDER
    for name, png in report.plots.items():
        write_file(folder / f"{name}.png", png)
    write_file(page, report.html)
    for stale in (path for pattern in _OPTIONAL for path in folder.glob(pattern)):
        if stale.stem not in report.plots:
            stale.unlink()
    return page


def _draw(evidence: Evidence, effects: Effects, segments: list[Segment]) -> list[Plot]:
    plots = [
        plot_leaderboard(evidence),
        plot_serving_cost(evidence),
        plot_roc(evidence),
        plot_precision_recall(evidence),
        plot_lift(evidence),
        plot_gain(evidence),
        plot_calibration(evidence),
        plot_scores(evidence),
        plot_profit(evidence),
        plot_importance(evidence, effects),
        *plot_effects(evidence, effects),
    ]
    return [*plots, plot_segments(evidence, segments)] if segments else plots


def _embed(plot: Plot, png: bytes) -> Html:
    width, height = plot.figure.get_size_inches()
    image = element(
        "img",
        src=f"data:image/png;base64,{b64encode(png).decode()}",
        alt=f"{plot.title}. {plot.caption}",
        width=f"{width * 96:.0f}",
        height=f"{height * 96:.0f}",
    )
    if not plot.basis:
        return element("figure", image)
    basis = element("small", f"Computed on {plot.basis}.")
    return element("figure", image, element("figcaption", plot.caption, " ", basis))
