"""How the model treats groups of people: offers, leavers caught, false alarms, in plain figures."""

from dataclasses import dataclass

from sklearn.metrics import confusion_matrix

from model.export.schema import is_personal
from model.report.evidence import Evidence
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
