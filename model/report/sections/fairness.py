"""How the model treats groups of people: offers, leavers caught, false alarms, in plain figures."""

from dataclasses import dataclass

import htpy as h
from sklearn.metrics import confusion_matrix

from model.export.schema import is_personal
from model.report.evidence import Evidence
from model.report.markup import table
from model.report.section import DASH, Section
from model.table.groups import Group, split_groups

MAX_GROUPS = 8  # of one feature: the largest
FEW = 30  # leavers, or stayers: a share of fewer is mostly chance


@dataclass(frozen=True)
class Treatment:
    """What the model does to one group; a share of nobody is None."""

    label: str
    customers: int
    left: float
    predicted: float
    flagged: float
    caught: float | None
    false_alarms: float | None
    has_few: bool


@dataclass(frozen=True)
class FairnessTable:
    """The groups of one personal feature; `left_out` counts those beyond MAX_GROUPS."""

    feature: str
    groups: list[Treatment]
    left_out: int


def write_fairness(evidence: Evidence) -> Section:
    """Return how groups of people fare, for features that sound like facts about a person."""
    title = "How does it treat groups of people?"
    tables = compare_groups(evidence)
    if not tables:
        text = "No feature's name sounds like a fact about a person, such as gender or age."
        return Section("fairness", title, [h.p[text]])
    text = (
        "Features whose names sound like a fact about a person, at the model's threshold of "
        f"{evidence.artifact.threshold:.4g}. Groups whose leavers are caught, "
        "or whose stayers are bothered, at very different rates are treated differently. Groups "
        "that leave at different rates can't be equal in all columns at once. "
        "Leaving such a feature out of training doesn't by itself make the model blind to it: "
        "other features may tell of it."
    )
    return Section("fairness", title, [h.p[text], _tabulate(tables, evidence)])


def compare_groups(evidence: Evidence) -> list[FairnessTable]:
    """Return a table per feature whose name sounds like a fact about a person."""
    tables = []
    for name in filter(is_personal, evidence.frame.columns):
        groups = split_groups(evidence.frame[name])
        shown = [group for group in groups if group in _largest(groups)]
        treatments = [_treat(evidence, group) for group in shown]
        tables.append(FairnessTable(name, treatments, len(groups) - len(shown)))
    return tables


def _largest(groups: list[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: -group.size)[:MAX_GROUPS]


def _treat(evidence: Evidence, group: Group) -> Treatment:
    target, scores = evidence.target[group.mask], evidence.probabilities[group.mask]
    is_flagged = scores >= evidence.artifact.threshold
    counts = confusion_matrix(target, is_flagged, labels=[0, 1]).ravel()
    stayed, false_alarms, missed, caught = (int(count) for count in counts)
    return Treatment(
        label=group.label,
        customers=group.size,
        left=float(target.mean()),
        predicted=float(scores.mean()),
        flagged=float(is_flagged.mean()),
        caught=_share(caught, caught + missed),
        false_alarms=_share(false_alarms, false_alarms + stayed),
        has_few=min(caught + missed, false_alarms + stayed) < FEW,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _tabulate(tables: list[FairnessTable], evidence: Evidence) -> h.Element:
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


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{share:.1%}"
