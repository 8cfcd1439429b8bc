"""Where the model is weak: its AUC and calibration in each segment, the weakest first."""

from dataclasses import dataclass

import htpy as h
import numpy as np
from scipy.stats import norm
from sklearn.metrics import brier_score_loss, roc_auc_score

from model.evaluation.metrics import Floats, Targets
from model.registry.comparison import place_scores
from model.report.drawing import BLUE, GREY, VERMILLION, Plot, label_rows, new_figure
from model.report.evidence import Evidence
from model.report.markup import Cell, table
from model.report.section import Gallery, Section
from model.table.groups import split_groups

CONFIDENCE = 0.95
MIN_CUSTOMERS = 50  # a smaller segment's figures are mostly chance
MIN_OF_EACH_CLASS = 10
MAX_SHOWN = 15  # in the plot; the table has all
ROW_IN = 0.42


@dataclass(frozen=True)
class Segment:
    """The model's figures for some customers; `low` to `high` is the interval of the AUC."""

    feature: str
    label: str
    customers: int
    observed: float
    predicted: float
    auc: float
    low: float
    high: float
    brier: float

    @property
    def name(self) -> str:
        """What the customers have in common."""
        return f"{self.feature}: {self.label}"


def write_segments(evidence: Evidence, segments: list[Segment]) -> Section:
    """Return the metrics by segment, the weakest first."""
    title = "Where is it weak?"
    if not segments:
        text = (
            f"No segment has {MIN_CUSTOMERS} held-out customers with at least {MIN_OF_EACH_CLASS} "
            "who left and as many who stayed: there is too little data to tell."
        )
        return Section("segments", title, [h.p[text]])
    header = ("Segment", "customers#", "left#", "predicted#", "AUC, 95%#", "Brier#")
    caption = f"All {len(segments)} segments, the weakest first, on {evidence.held_out}"
    rows = [_row(item, evidence) for item in segments]
    details = h.div(".tall")[table(caption, header, rows)]
    return Section("segments", title, [Gallery([plot_segments(evidence, segments), details])])


def measure_segments(evidence: Evidence) -> list[Segment]:
    """Return all segments that are large enough, the lowest AUC first.

    Enough is MIN_CUSTOMERS, with MIN_OF_EACH_CLASS leavers and as many stayers, and fewer than all.
    Of segments with the very same customers only the first is there.
    """
    found = []
    seen = set()
    for name in evidence.frame.columns:
        for group in split_groups(evidence.frame[name]):
            target = evidence.target[group.mask]
            leavers = int(target.sum())
            is_large = MIN_CUSTOMERS <= group.size < len(evidence.target)
            members = group.mask.tobytes()
            if not is_large or members in seen:
                continue
            seen.add(members)
            if min(leavers, group.size - leavers) >= MIN_OF_EACH_CLASS:
                scores = evidence.probabilities[group.mask]
                found.append(_measure(group.feature, group.label, target, scores))
    return sorted(found, key=lambda segment: segment.auc)


def auc_interval(target: Targets, probabilities: Floats) -> tuple[float, float]:
    """Return the ends of the AUC's confidence interval.

    Source:
        DeLong, DeLong and Clarke-Pearson, Comparing the areas under two or more correlated ROC
        curves, Biometrics 44 (1988).
    """
    placements = place_scores(probabilities, target == 1)
    groups = [placements[target == 1], placements[target == 0]]
    auc = float(groups[0].mean())
    variance = sum(float(group.var(ddof=1)) / len(group) for group in groups if len(group) > 1)
    margin = float(norm.ppf((1 + CONFIDENCE) / 2)) * float(np.sqrt(variance))
    return max(0.0, auc - margin), min(1.0, auc + margin)


def plot_segments(evidence: Evidence, segments: list[Segment]) -> Plot:
    """Return the weakest segments' AUC with intervals beside that of all customers."""
    title = "The weakest segments: AUC"
    shown = segments[:MAX_SHOWN]
    figure, axes = new_figure(title, height_in=ROW_IN * len(shown) + 1.1)
    overall = evidence.metrics["auc"]
    axes.axvline(overall, color=GREY, linestyle="--", linewidth=1.2)
    for place, segment in enumerate(shown):
        color = VERMILLION if is_weaker(segment, evidence) else BLUE
        axes.plot([segment.low, segment.high], [place, place], color=color, linewidth=2.5)
        axes.plot(segment.auc, place, "o", color=color, markersize=6.5)
    label_rows(axes, [f"{item.name} ({item.customers:,})" for item in shown])
    axes.plot([], [], "o-", color=VERMILLION, label="interval lies below all")
    axes.plot([], [], color=GREY, linestyle="--", label=f"all customers: {overall:.3f}")
    figure.legend(loc="outside lower left", ncols=2)
    axes.set_xlabel(f"AUC and {CONFIDENCE:.0%} interval")
    return Plot(
        name="segments",
        title=title,
        caption="How well the model ranks customers within a segment. What they have in common "
        "can't help to tell them apart, so most segments lie below the figure for all; and of "
        f"{len(segments)} segments some look weak by chance.",
        basis=f"{evidence.held_out}: segments of {MIN_CUSTOMERS} or more, with at least "
        f"{MIN_OF_EACH_CLASS} who left and {MIN_OF_EACH_CLASS} who stayed; of several with the "
        "very same customers only one is shown",
        figure=figure,
    )


def is_weaker(segment: Segment, evidence: Evidence) -> bool:
    """Return whether a segment's whole interval lies below the AUC of all customers."""
    return segment.high < evidence.metrics["auc"]


def _measure(feature: str, label: str, target: Targets, probabilities: Floats) -> Segment:
    low, high = auc_interval(target, probabilities)
    return Segment(
        feature=feature,
        label=label,
        customers=len(target),
        observed=float(target.mean()),
        predicted=float(probabilities.mean()),
        auc=float(roc_auc_score(target, probabilities)),
        low=low,
        high=high,
        brier=float(brier_score_loss(target, probabilities)),
    )


def _row(item: Segment, evidence: Evidence) -> tuple[Cell, ...]:
    auc = f"{item.auc:.3f} ±{(item.high - item.low) / 2:.3f}"
    return (
        item.name,
        f"{item.customers:,}",
        f"{item.observed:.1%}",
        f"{item.predicted:.1%}",
        h.strong[auc] if is_weaker(item, evidence) else auc,
        f"{item.brier:.4f}",
    )
