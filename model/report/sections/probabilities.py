"""Whether probabilities can be taken at face value: calibration with counts, scores by outcome."""

from dataclasses import dataclass

import htpy as h
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve

from model.evaluation.metrics import Floats, Targets
from model.report.drawing import (
    BLUE,
    GREY,
    HEIGHT_IN,
    INK,
    LEAVERS,
    STAYERS,
    WIDTH_IN,
    Plot,
    new_figure,
)
from model.report.evidence import Evidence
from model.report.section import Gallery, Section

BINS = 10
SCORE_BINS = 40
CONFIDENCE = 0.95
TALL_IN = HEIGHT_IN * 1.2  # both plots, side by side


@dataclass(frozen=True)
class Bin:
    """Customers with about the same probability; `low` to `high` is the interval of `observed`."""

    customers: int
    predicted: float
    observed: float
    low: float
    high: float


def write_probabilities(evidence: Evidence) -> Section:
    """Return whether probabilities can be taken at face value."""
    predicted, observed = evidence.probabilities.mean(), evidence.target.mean()
    text = (
        f"On average the model predicts {predicted:.1%}; {observed:.1%} of {evidence.held_out} "
        f"left. Brier score {evidence.metrics['brier']:.4f}, log loss "
        f"{evidence.metrics['log_loss']:.4f} (lower is better; always answering the average "
        f"would score a Brier of {observed * (1 - observed):.4f})."
    )
    pictures = Gallery([plot_calibration(evidence), plot_scores(evidence)])
    return Section("probabilities", "Are its probabilities right?", [h.p[text], pictures])


def plot_calibration(evidence: Evidence) -> Plot:
    """Return predicted against observed rates, with how many customers stand behind each."""
    title = "Calibration: predicted and observed"
    figure = Figure(figsize=(WIDTH_IN, TALL_IN), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    bins = calibrate(evidence.target, evidence.probabilities)
    predicted = np.array([item.predicted for item in bins])
    observed = np.array([item.observed for item in bins])
    errors = [[i.observed - i.low for i in bins], [i.high - i.observed for i in bins]]
    above.set_title(title)
    above.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.2, label="perfect")
    above.errorbar(
        predicted, observed, yerr=errors, fmt="o", color=BLUE, capsize=3, label=evidence.served
    )
    above.set_ylabel("observed share of leavers")
    above.set_ylim(-0.03, 1.03)
    above.legend(loc="upper left")
    counts = count_by_bin(evidence.probabilities)
    centres = (np.arange(BINS) + 0.5) / BINS
    bars = below.bar(centres, counts, width=0.9 / BINS, color=BLUE)
    below.bar_label(bars, fmt="{:,.0f}", fontsize=7.5, padding=1)
    below.set_ylim(0, counts.max() * 1.3)
    below.set_xlim(-0.02, 1.02)
    below.set_ylabel("customers")
    below.set_xlabel("predicted probability of leaving")
    for axis in (above.xaxis, above.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return Plot(
        name="calibration",
        title=title,
        caption="Of the customers who were given about 30%, did about 30% leave? Points near "
        f"the dashed line mean yes; the bars are {CONFIDENCE:.0%} intervals (Wilson). Below: "
        "how many customers stand behind each point.",
        basis=evidence.held_out,
        figure=figure,
    )


def plot_scores(evidence: Evidence) -> Plot:
    """Return how scores are spread among those who left and those who stayed."""
    title = "Distribution of scores"
    figure, axes = new_figure(title, height_in=TALL_IN)
    edges = np.linspace(0, 1, SCORE_BINS + 1).tolist()
    stayed = evidence.probabilities[evidence.target == 0]
    left = evidence.probabilities[evidence.target == 1]
    axes.hist(stayed, edges, color=STAYERS, alpha=0.55, label=f"stayed ({len(stayed):,})")
    axes.hist(
        left,
        edges,
        histtype="step",
        color=LEAVERS,
        linewidth=1.8,
        hatch="////",
        label=f"left ({len(left):,})",
    )
    cut = evidence.artifact.threshold
    axes.axvline(cut, color=INK, linestyle="--", linewidth=1.4, label=f"threshold {cut:.3g}")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.25)  # room for the legend
    axes.set_xlabel("predicted probability of leaving")
    axes.set_ylabel("customers")
    axes.legend(loc="upper right")
    return Plot(
        name="scores",
        title=title,
        caption="The further apart the two shapes, the easier the decision. Customers right of "
        "the dashed line are flagged.",
        basis=evidence.held_out,
        figure=figure,
    )


def calibrate(target: Targets, probabilities: Floats) -> list[Bin]:
    """Return scikit-learn's calibration curve in ten equal bins, with counts and intervals."""
    observed, predicted = calibration_curve(target, probabilities, n_bins=BINS)
    counts = count_by_bin(probabilities)
    bins = []
    for share, mean, count in zip(observed, predicted, counts[counts > 0], strict=True):
        leavers = round(share * count)
        interval = binomtest(leavers, int(count)).proportion_ci(CONFIDENCE, method="wilson")
        bins.append(Bin(int(count), float(mean), float(share), interval.low, interval.high))
    return bins


def count_by_bin(probabilities: Floats) -> "np.ndarray":
    """Return the number of customers in each bin; one on a border counts as in scikit-learn's."""
    borders = np.linspace(0, 1, BINS + 1)[1:-1]
    return np.bincount(np.searchsorted(borders, probabilities), minlength=BINS)
