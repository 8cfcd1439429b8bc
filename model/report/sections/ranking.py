"""How well the model ranks customers: ROC, precision and recall, lift and gain by decile."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter
from sklearn.metrics import (
    confusion_matrix,
    precision_recall_curve,
    roc_curve,
)

from model.evaluation.metrics import Floats, Targets
from model.report.drawing import BLUE, GREEN, GREY, INK, VERMILLION, Plot, new_figure
from model.report.evidence import Evidence
from model.report.markup import table
from model.report.section import Gallery, Section

DECILES = 10


@dataclass(frozen=True)
class Tenth:
    """A tenth of the customers, by score.

    `leavers` counts equally scored customers on its border by the share that falls to it; `gain` is
    the share of all leavers in this tenth and those above it.
    """

    customers: int
    leavers: float
    lift: float
    gain: float


def write_ranking(evidence: Evidence) -> Section:
    """Return how well customers are ranked: ROC, precision and recall, deciles."""
    tenths = split_tenths(evidence.target, evidence.probabilities)
    rows = [
        (
            str(place),
            f"{tenth.customers:,}",
            f"{tenth.leavers:,.1f}".removesuffix(".0"),
            f"{tenth.leavers / tenth.customers:.1%}",
            f"{tenth.lift:.2f}",
            f"{tenth.gain:.1%}",
        )
        for place, tenth in enumerate(tenths, start=1)
    ]
    header = ("Decile", "customers#", "left#", "share#", "lift#", "leavers reached so far#")
    caption = (
        f"By decile of the score, highest first, on {evidence.held_out}; of customers with equal "
        "scores on a border each side gets its share"
    )
    plots = (plot_roc, plot_precision_recall, plot_lift, plot_gain)
    pictures = Gallery([plot(evidence) for plot in plots])
    title = "Does it rank customers well?"
    return Section("ranking", title, [pictures, table(caption, header, rows)])


def plot_roc(evidence: Evidence) -> Plot:
    """Return the ROC curve with the point where the threshold lies."""
    title = f"ROC curve: AUC {evidence.metrics['auc']:.4f}"
    figure, axes = new_figure(title)
    false_rate, true_rate, _ = roc_curve(evidence.target, evidence.probabilities)
    axes.plot(false_rate, true_rate, color=BLUE, label=evidence.served)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.2, label="chance")
    stayed, false_alarms, missed, caught = count_outcomes(evidence)
    _mark_threshold(
        axes, evidence, false_alarms / (false_alarms + stayed), caught / (caught + missed)
    )
    _set_shares(axes, "share of stayers flagged (false alarms)", "share of leavers flagged")
    axes.legend(loc="lower right")
    return Plot(
        name="roc",
        title=title,
        caption="Each point is a threshold. AUC is the chance that a random leaver scores higher "
        "than a random stayer.",
        basis=evidence.held_out,
        figure=figure,
    )


def plot_precision_recall(evidence: Evidence) -> Plot:
    """Return the precision-recall curve with the point where the threshold lies."""
    title = f"Precision and recall: average precision {evidence.metrics['average_precision']:.4f}"
    figure, axes = new_figure(title)
    precision, recall, _ = precision_recall_curve(evidence.target, evidence.probabilities)
    axes.plot(recall, precision, color=BLUE, drawstyle="steps-post", label=evidence.served)
    rate = evidence.target.mean()
    axes.axhline(rate, color=GREY, linestyle="--", linewidth=1.2, label=f"chance: {rate:.1%} left")
    _, false_alarms, missed, caught = count_outcomes(evidence)
    if caught + false_alarms:
        _mark_threshold(
            axes, evidence, caught / (caught + missed), caught / (caught + false_alarms)
        )
    _set_shares(axes, "recall: share of leavers flagged", "precision: leavers among flagged")
    axes.legend(loc="upper right")
    return Plot(
        name="precision-recall",
        title=title,
        caption="How many of those flagged really left, as more leavers are to be found.",
        basis=evidence.held_out,
        figure=figure,
    )


def plot_lift(evidence: Evidence) -> Plot:
    """Return the lift of each tenth."""
    title = "Lift by decile"
    figure, axes = new_figure(title)
    tenths = split_tenths(evidence.target, evidence.probabilities)
    places = np.arange(1, len(tenths) + 1)
    lifts = [tenth.lift for tenth in tenths]
    bars = axes.bar(places, lifts, color=BLUE, width=0.72)
    axes.axhline(1, color=INK, linestyle="--", linewidth=1.2)
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # keeps the line off figures
    axes.bar_label(bars, fmt="%.2f", fontsize=8.5, padding=2.5, bbox=behind)
    axes.set_xticks(places)
    axes.set_xlabel("tenth of the customers, highest scores first")
    axes.set_ylabel("leavers, times the average")
    axes.set_ylim(0, max(*lifts, 1.0) * 1.12)
    axes.grid(visible=False, axis="x")
    return Plot(
        name="lift",
        title=title,
        caption="How many times more leavers a tenth holds than the average (dashed). Bars that "
        "fall from left to right without a step up mean a ranking that holds throughout.",
        basis=evidence.held_out,
        figure=figure,
    )


def plot_gain(evidence: Evidence) -> Plot:
    """Return the share of leavers reached by contacting the highest scores first."""
    title = "Gain: leavers reached"
    figure, axes = new_figure(title)
    tenths = split_tenths(evidence.target, evidence.probabilities)
    reached = np.cumsum([0] + [tenth.customers for tenth in tenths]) / len(evidence.target)
    gains = [0.0] + [tenth.gain for tenth in tenths]
    axes.plot(reached, gains, "o-", color=BLUE, markersize=4.5, label=evidence.served)
    rate = evidence.target.mean()
    axes.plot([0, rate, 1], [0, 1, 1], color=GREEN, linestyle=":", label="perfect ranking")
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.2, label="random order")
    _set_shares(axes, "customers contacted, highest scores first", "share of all leavers reached")
    axes.legend(loc="lower right")
    return Plot(
        name="gain",
        title=title,
        caption="How many of all leavers a campaign reaches, by how many customers it contacts.",
        basis=evidence.held_out,
        figure=figure,
    )


def split_tenths(target: Targets, probabilities: Floats) -> list[Tenth]:
    """Return the customers in tenths by score, highest first; fewer parts if there are fewer.

    The first is as large as that of `metrics.top_decile_lift`, and shares ties as that does.
    """
    scores, group = np.unique(probabilities, return_inverse=True)
    rate_of_score = np.bincount(group, target) / np.bincount(group, minlength=len(scores))
    expected = rate_of_score[np.sort(group)[::-1]]
    parts = np.array_split(expected, min(DECILES, len(expected)))
    total = target.sum()
    found = np.cumsum([part.sum() for part in parts])
    return [
        Tenth(
            customers=len(part),
            leavers=float(part.sum()),
            lift=float(part.mean() / target.mean()),
            gain=float(reached / total),
        )
        for part, reached in zip(parts, found, strict=True)
    ]


def count_outcomes(evidence: Evidence, threshold: float | None = None) -> tuple[int, ...]:
    """Return stayers left alone, false alarms, leavers missed, and caught, at a threshold."""
    cut = evidence.artifact.threshold if threshold is None else threshold
    counts = confusion_matrix(evidence.target, evidence.probabilities >= cut, labels=[0, 1])
    return tuple(int(count) for count in counts.ravel())


def _mark_threshold(axes: Axes, evidence: Evidence, x: float, y: float) -> None:
    label = f"threshold {evidence.artifact.threshold:.3g}"
    axes.plot(x, y, "D", color=VERMILLION, markersize=7, label=label, zorder=5)


def _set_shares(axes: Axes, x_label: str, y_label: str) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.04)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
