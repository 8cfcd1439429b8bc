"""The page's sections on where the model is weak, and on how it treats groups of people."""

from model.report.evidence import Evidence
from model.report.fairness import FEW, FairnessTable, Treatment, compare_groups
from model.report.markup import Html, element, table
from model.report.sections import DASH, Figures, Section, gallery
from model.report.segments import (
    MIN_CUSTOMERS,
    MIN_OF_EACH_CLASS,
    Segment,
    is_weaker,
)


def weakness_section(evidence: Evidence, segments: list[Segment], figures: Figures) -> Section:
    """Return the metrics by segment, the weakest first."""
    title = "Where is it weak?"
    if not segments:
        text = (
            f"No segment has {MIN_CUSTOMERS} held-out customers with at least {MIN_OF_EACH_CLASS} "
            "who left and as many who stayed: there is too little data to tell."
        )
        return Section("segments", title, [element("p", text)])
    header = ("Segment", "customers#", "left#", "predicted#", "AUC, 95%#", "Brier#")
    caption = f"All {len(segments)} segments, the weakest first, on {evidence.held_out}"
    rows = [_segment(item, evidence) for item in segments]
    details = element("div", table(caption, header, rows), class_="tall")
    return Section("segments", title, [gallery(figures["segments"], details)])


def fairness_section(evidence: Evidence) -> Section:
    """Return how groups of people fare, for features that sound like facts about a person."""
    title = "How does it treat groups of people?"
    tables = compare_groups(evidence)
    if not tables:
        text = "No feature's name sounds like a fact about a person, such as gender or age."
        return Section("fairness", title, [element("p", text)])
    text = (
        "Features whose names sound like a fact about a person, at the model's threshold of "
        f"{evidence.artifact.threshold:.4g}. Groups whose leavers are caught, "
        "or whose stayers are bothered, at very different rates are treated differently. Groups "
        "that leave at different rates can't be equal in all columns at once. "
        "Leaving such a feature out of training doesn't by itself make the model blind to it: "
        "other features may tell of it."
    )
    return Section("fairness", title, [element("p", text), _tabulate(tables, evidence)])


def _tabulate(tables: list[FairnessTable], evidence: Evidence) -> Html:
    header = (
        "Group",
        "customers#",
        "left#",
        "predicted#",
        "flagged#",
        "of leavers, caught#",
        "of stayers, false alarms#",
    )
    rows = [_treatment(item.feature, group) for item in tables for group in item.groups]
    caption = f"Shares of each group, on {evidence.held_out}"
    if any(group.has_few for item in tables for group in item.groups):
        caption += f"; * fewer than {FEW} left or stayed: mostly chance"
    caption += "".join(
        f"; {item.feature}: the {item.left_out:,} smallest groups are not shown"
        for item in tables
        if item.left_out
    )
    return table(caption, header, rows)


def _treatment(feature: str, group: Treatment) -> tuple[str, ...]:
    return (
        f"{feature}: {group.label}{' *' * group.has_few}",
        f"{group.customers:,}",
        f"{group.left:.1%}",
        f"{group.predicted:.1%}",
        f"{group.flagged:.1%}",
        _percent(group.caught),
        _percent(group.false_alarms),
    )


def _segment(item: Segment, evidence: Evidence) -> tuple[str, ...]:
    auc = f"{item.auc:.3f} ±{(item.high - item.low) / 2:.3f}"
    return (
        item.name,
        f"{item.customers:,}",
        f"{item.observed:.1%}",
        f"{item.predicted:.1%}",
        element("strong", auc) if is_weaker(item, evidence) else auc,
        f"{item.brier:.4f}",
    )


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{share:.1%}"
