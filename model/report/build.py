"""From a model file and its table to a report: plots as PNG, and one page with all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.files import write_file
from model.outcomes.ledger import Look
from model.paths import PLOTS_FOLDER, REPORT_NAME
from model.report.drawing import plot_style, render
from model.report.evidence import Evidence, gather_evidence
from model.report.page import build_page
from model.report.section import Section
from model.report.sections.card import write_card
from model.report.sections.data import write_data
from model.report.sections.decision import write_decision
from model.report.sections.drivers import write_drivers
from model.report.sections.fairness import write_fairness
from model.report.sections.findings import write_findings
from model.report.sections.leaderboard import write_leaderboard
from model.report.sections.origin import write_origin
from model.report.sections.outcomes import write_outcomes
from model.report.sections.probabilities import write_probabilities
from model.report.sections.ranking import write_ranking
from model.report.sections.segments import measure_segments, write_segments
from model.table.dataset import Dataset

_OPTIONAL = ("effect-*.png", "segments.png")  # not every table has them: none of another's stays


@dataclass(frozen=True, eq=False)
class Report:
    """A page that needs nothing else, and the same plots as PNG files, by name."""

    html: bytes
    plots: dict[str, bytes]


def build_report(
    body: bytes,
    dataset: Dataset,
    leaderboard: list[dict[str, Any]],
    looks: Sequence[Look] = (),
) -> Report:
    """Return the report on a model file; writes nothing.

    Args:
        body: the model file.
        dataset: the table that it learned from, whole.
        leaderboard: a row per candidate of the same training, best first (see
            `model.competition.leaderboard_output.to_rows`).
        looks: at what became of customers that the model scored, by period.

    Raises:
        ModelError: the model's effects can't be worked out.
    """
    evidence = gather_evidence(body, dataset, leaderboard)
    with plot_style():
        sections = _write_sections(evidence, looks)
        pngs = {
            plot.name: render(plot.figure, is_synthetic=evidence.is_synthetic)
            for section in sections
            for plot in section.plots
        }
    return Report(build_page(evidence, sections, pngs).encode(), pngs)


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


def _write_sections(evidence: Evidence, looks: Sequence[Look]) -> list[Section]:
    segments = measure_segments(evidence)
    return [
        write_card(evidence, segments),
        write_leaderboard(evidence),
        write_ranking(evidence),
        *write_outcomes(looks),
        write_probabilities(evidence),
        write_decision(evidence),
        write_drivers(evidence),
        write_segments(evidence, segments),
        write_fairness(evidence),
        write_findings(evidence),
        write_data(evidence),
        write_origin(evidence),
    ]
