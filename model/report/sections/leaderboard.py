"""The candidates side by side: how well they rank customers, and what serving them costs."""

from typing import Any

import htpy as h
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter

from model.competition.leaderboard import CONFIDENCE
from model.report.drawing import (
    BLUE,
    GREY,
    HEIGHT_IN,
    INK,
    MID_GREY,
    WIDTH_IN,
    Plot,
    label_rows,
    new_figure,
)
from model.report.evidence import Evidence
from model.report.markup import Cell, table
from model.report.section import DASH, Gallery, Section

ROW_IN = 0.5  # height of a candidate's row
_BESIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 8.5}


def write_leaderboard(evidence: Evidence) -> Section:
    """Return who competed: quality with intervals, size and latency."""
    header = (
        "Candidate",
        "CV AUC (95% interval)#",
        "behind best#",
        "held-out AUC#",
        "avg precision#",
        "Brier#",
        "log loss#",
        "top-decile lift#",
        "file kB#",
        "µs each#",
        "fit s#",
    )
    rows = [_candidate(row, evidence) for row in evidence.leaderboard]
    caption = (
        "Candidates, best first; the one in bold serves. CV: cross-validation on "
        f"{evidence.training_customers:,} training customers; the other figures: "
        f"{evidence.held_out}. µs: counted from the model; fit s: on the machine that trained, one "
        "thread."
    )
    refusals = [
        h.p[f"{row['name']} can't be exported: {row['refusal']}"]
        for row in evidence.leaderboard
        if row["refusal"]
    ]
    pictures = Gallery([plot_leaderboard(evidence), plot_serving_cost(evidence)])
    return Section(
        "leaderboard", "Leaderboard", [pictures, table(caption, header, rows), *refusals]
    )


def plot_leaderboard(evidence: Evidence) -> Plot:
    """Return the AUC of each candidate: cross-validated with its interval, and held-out."""
    title = "Leaderboard: area under the ROC curve (AUC)"
    rows = evidence.leaderboard
    figure, axes = new_figure(title, height_in=_height_in(rows))
    for place, row in enumerate(rows):
        color = _color(row, evidence)
        interval = [row["cv_auc_low"], row["cv_auc_high"]]
        axes.plot(interval, [place, place], color=color, linewidth=3, solid_capstyle="butt")
        axes.plot(row["cv_auc"], place, "o", color=color, markersize=8)
        axes.plot(row["auc"], place, "D", color="white", markeredgecolor=INK, markersize=6)
    label_rows(axes, [_label(row, evidence) for row in rows])
    axes.plot([], [], "o-", color=GREY, linewidth=3, label=f"cross-validated, {CONFIDENCE:.0%}")
    axes.plot([], [], "D", color="white", markeredgecolor=INK, label="held-out customers")
    figure.legend(loc="outside lower left", ncols=2)
    axes.set_xlabel("AUC (0.5: chance, 1: every leaver above every other customer)")
    return Plot(
        name="leaderboard",
        title=title,
        caption="Of those that can't be told apart from the best mean over the folds of a "
        "cross-validation, the one with the lowest log loss serves, if small and fast enough; "
        "the held-out customers chose nothing.",
        basis=f"the {evidence.training_customers:,} training customers, cross-validated (dots and "
        f"intervals), and {evidence.held_out} (diamonds)",
        figure=figure,
    )


def plot_serving_cost(evidence: Evidence) -> Plot:
    """Return quality against the size of each candidate's file, and against its speed."""
    title = "What quality costs to serve"
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    left.set_title(title)
    _draw_costs(left, evidence, "artifact_bytes", 1 / 1000, "model file, kB (log scale)")
    _draw_costs(right, evidence, "prediction_us", 1, "µs per customer (log scale)")
    left.set_ylabel("cross-validated AUC")
    refused = [str(row["name"]) for row in evidence.leaderboard if row["refusal"]]
    caption = (
        "Up is better, left is cheaper. Ringed: the front, where no other is as good, as small and "
        "as fast. The file is fetched by every cold start; the time is what the function's own "
        "code takes for a customer, counted from the model rather than measured."
    )
    if refused:
        caption += f" Not drawn, as it can't be exported: {', '.join(refused)}."
    return Plot(
        name="serving-cost",
        title=title,
        caption=caption,
        basis=f"the {evidence.training_customers:,} training customers, cross-validated (AUC)",
        figure=figure,
    )


def _draw_costs(axes: Axes, evidence: Evidence, key: str, factor: float, label: str) -> None:
    rows = [row for row in evidence.leaderboard if row[key]]
    costs = [row[key] * factor for row in rows]
    axes.set_xscale("log")
    axes.set_xlim(min(costs, default=1.0) / 2, max(costs, default=1.0) * 30)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    for cost, row in zip(costs, rows, strict=True):
        place = (cost, row["cv_auc"])
        if row.get("is_on_front"):
            axes.plot(*place, "o", markersize=15, fillstyle="none", color=INK)
        axes.plot(*place, "o", color=_color(row, evidence), markersize=8)
        axes.annotate(f"{row['name']} {cost:,.1f}", place, (10, 0), **_BESIDE)
    axes.set_xlabel(label)


def _height_in(rows: list[dict[str, Any]]) -> float:
    return max(HEIGHT_IN * 0.7, ROW_IN * len(rows) + 1.2)


def _color(row: dict[str, Any], evidence: Evidence) -> str:
    return BLUE if row["name"] == evidence.served else MID_GREY


def _label(row: dict[str, Any], evidence: Evidence) -> str:
    return f"{row['name']}  (serves)" if row["name"] == evidence.served else str(row["name"])


def _candidate(row: dict[str, Any], evidence: Evidence) -> tuple[Cell, ...]:
    name = str(row["name"])
    behind = f"{row['behind_best']:.4f} ±{row['behind_best_margin']:.4f}"
    size, time = row["artifact_bytes"], row["prediction_us"]
    return (
        h.strong[name] if name == evidence.served else name,
        f"{row['cv_auc']:.4f} ({row['cv_auc_low']:.3f} to {row['cv_auc_high']:.3f})",
        behind if row["behind_best"] else DASH,
        f"{row['auc']:.4f}",
        f"{row['average_precision']:.4f}",
        f"{row['brier']:.4f}",
        f"{row['log_loss']:.4f}",
        f"{row['top_decile_lift']:.2f}",
        DASH if size is None else f"{size / 1000:,.1f}",
        DASH if time is None else f"{time:,.1f}",
        f"{row['fit_time_s']:.2f}",
    )
