"""What a threshold does: offers, leavers caught, false alarms, and what that earns."""

from collections.abc import Callable
from dataclasses import dataclass

import htpy as h
from matplotlib.ticker import PercentFormatter, StrMethodFormatter
from sklearn.metrics import confusion_matrix_at_thresholds

from model.evaluation.campaign import find_break_even, sum_profit
from model.evaluation.metrics import Floats
from model.report.drawing import BLUE, GREEN, INK, VERMILLION, Plot, new_figure
from model.report.evidence import Evidence
from model.report.markup import table
from model.report.section import DASH, Gallery, Part, Section
from model.report.sections.ranking import count_outcomes

PER = 1_000  # customers

_RULES = {
    "f1": "the best for F1 by cross-validation on the training customers",
    "profit": "the most profitable by cross-validation on the training customers",
}
_USUAL = "the usual one half, chosen on no data"


@dataclass(frozen=True)
class Decision:
    """Offers to all customers from a threshold on; `profit` is in the currency of the economics."""

    name: str
    threshold: float
    flagged: int
    caught: int
    missed: int
    false_alarms: int
    profit: float

    @property
    def precision(self) -> float | None:
        """Share of those flagged who left."""
        return self.caught / self.flagged if self.flagged else None

    @property
    def recall(self) -> float:
        """Share of leavers who are flagged."""
        return self.caught / (self.caught + self.missed)


def write_decision(evidence: Evidence) -> Section:
    """Return what the threshold does, and what it earns."""
    decisions = list_decisions(evidence)
    header = ("", *(f"{item.name}#" for item in decisions))
    caption = f"What an offer from a threshold on does to {evidence.held_out}"
    lead = (
        f"The model flags customers from {evidence.artifact.threshold:.4g} on: "
        f"{_RULES.get(evidence.artifact.meta.get('threshold_rule', ''), _USUAL)}."
    )
    comparison = table(caption, header, _compare_decisions(decisions, evidence))
    parts: list[Part] = [
        h.p[lead],
        *_warn_of_example(evidence),
        Gallery([plot_profit(evidence), comparison]),
    ]
    return Section("decision", "Whom to make an offer?", parts)


def list_decisions(evidence: Evidence) -> list[Decision]:
    """Return what the model's threshold does, and what others would, by falling threshold."""
    cuts = {"the model's threshold": evidence.artifact.threshold}
    pays = find_break_even(evidence.economics)
    if pays is not None:
        cuts["where an offer pays"] = pays
    if evidence.artifact.threshold != 0.5:  # noqa: PLR2004  the usual one
        cuts["one half"] = 0.5
    cuts["an offer to everyone"] = 0.0
    ranked = sorted(cuts.items(), key=lambda cut: -cut[1])
    return [_decide(evidence, name, cut) for name, cut in ranked]


def trace_profit(evidence: Evidence) -> tuple[Floats, Floats]:
    """Return thresholds, falling, and what offers to all customers from there on earn in all."""
    _, false_alarms, _, caught, thresholds = confusion_matrix_at_thresholds(
        evidence.target, evidence.probabilities
    )
    return thresholds, sum_profit(caught, false_alarms, evidence.economics)


def plot_profit(evidence: Evidence) -> Plot:
    """Return what a campaign earns, by its threshold, with the chosen one."""
    title = f"Profit per {PER:,} customers"
    figure, axes = new_figure(title)
    scale = PER / len(evidence.target)
    thresholds, profits = trace_profit(evidence)
    axes.plot(thresholds, profits * scale, color=BLUE, drawstyle="steps-pre")
    axes.axhline(0, color=INK, linewidth=1)
    pays = find_break_even(evidence.economics)
    if pays is not None:
        label = f"an offer pays from {pays:.3f}"
        axes.axvline(pays, color=GREEN, linestyle=":", label=label)
    cut = evidence.artifact.threshold
    axes.axvline(cut, color=VERMILLION, linestyle="--", linewidth=1.4)
    profit = _decide(evidence, "", cut).profit * scale
    label = f"threshold {cut:.3g}: {profit:,.0f}"
    axes.plot(cut, profit, "D", color=VERMILLION, linestyle="--", markersize=7, label=label)
    axes.set_xlim(0, 1)
    best = float(profits.max() * scale)
    axes.set_ylim(max(float(profits.min() * scale), -1.2 * max(best, 1.0)), max(best, 1.0) * 1.35)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_xlabel("offer from this probability on")
    axes.set_ylabel("profit, in the currency of the figures")
    axes.legend(loc="upper right")
    return Plot(
        name="profit",
        title=title,
        caption=f"What offers to everyone above a threshold would have earned. {_terms(evidence)}.",
        basis=f"{evidence.held_out}, on whom the threshold was not chosen, scaled to {PER:,}",
        figure=figure,
    )


def _terms(evidence: Evidence) -> str:
    figures = evidence.economics
    stated = "Assumed" if evidence.has_economics else "EXAMPLE figures, as training was told none"
    return (
        f"{stated}: a customer who is kept is worth {figures['value']:,.6g}, an offer costs "
        f"{figures['cost']:,.6g}, and keeps {figures['success']:.0%} of those who would leave"
    )


def _decide(evidence: Evidence, name: str, threshold: float) -> Decision:
    _, false_alarms, missed, caught = count_outcomes(evidence, threshold)
    profit = sum_profit(caught, false_alarms, evidence.economics)
    flagged = caught + false_alarms
    return Decision(name, threshold, flagged, caught, missed, false_alarms, float(profit))


def _compare_decisions(decisions: list[Decision], evidence: Evidence) -> list[tuple[str, ...]]:
    per = PER / len(evidence.target)
    measures: dict[str, Callable[[Decision], str]] = {
        "from a probability of": lambda item: f"{item.threshold:.4f}",
        "customers flagged": lambda item: f"{item.flagged:,}",
        "leavers caught": lambda item: f"{item.caught:,}",
        "leavers missed": lambda item: f"{item.missed:,}",
        "false alarms": lambda item: f"{item.false_alarms:,}",
        "precision": lambda item: DASH if item.precision is None else f"{item.precision:.1%}",
        "recall": lambda item: f"{item.recall:.1%}",
        f"profit per {PER:,} customers": lambda item: f"{item.profit * per:,.0f}",
    }
    return [(name, *map(show, decisions)) for name, show in measures.items()]


def _warn_of_example(evidence: Evidence) -> list[h.Element]:
    if evidence.has_economics:
        return []
    flag = h.code["--economics VALUE,COST,SUCCESS"]
    text = (
        "Profits here use EXAMPLE figures, as training was told none. Say what a customer and an "
        "offer are worth with "
    )
    return [h.p(".note")[text, flag, "."]]
