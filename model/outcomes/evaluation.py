"""One look at outcomes: figures of each group, what they prove, and nothing of one customer."""

from datetime import UTC, datetime
from typing import Any

from inference.scoring.artifact import Artifact
from model.errors import DataError
from model.outcomes.figures import Figure, calibrate, measure_outcomes
from model.outcomes.joining import Customers
from model.outcomes.offers import measure_offers
from model.registry.comparison import MIN_CUSTOMERS
from model.registry.gate import TOLERANCES

ALL, TREATED, UNTREATED = "all", "treated", "untreated"


def evaluate(
    customers: Customers,
    counts: dict[str, int],
    artifact: Artifact,
    period: str,
    economics: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Return what docs/outcomes.md describes: aggregates of at least MIN_CUSTOMERS customers each.

    Args:
        customers: whose score and outcome are known.
        counts: of what could be joined, by `join_outcomes`.
        artifact: the model that scored them.
        period: such as 2026-11.
        economics: value, cost and success of an offer; None means the model file's, if it has any.

    Raises:
        DataError: too few customers of whom none, or all, may prove something; or all did the same.
    """
    economics = economics or artifact.schema.get("economics")
    metrics = artifact.meta.get("metrics") or {}
    groups = _group(customers)
    proof = UNTREATED if customers.treated is not None else ALL
    _require(groups[proof], proof)
    told = {name: group for name, group in groups.items() if _can_be_told(group)}
    offers = {}
    if told.keys() == {TREATED, UNTREATED}:
        offers = measure_offers(told[TREATED], told[UNTREATED], economics)
    measured = {  # what offers to the treated earned is told by what became of them, in `offers`
        name: _describe(group, metrics, None if name == TREATED else economics)
        for name, group in told.items()
    }
    return {
        "model_version": artifact.version,
        "period": period,
        "evaluated_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "joined": counts,
        "proof": proof,
        "groups": measured,
        "offers": _to_json(offers),
        "notes": [*_note_groups(groups, told), *_note_promises(measured[proof]["figures"])],
    }


def _group(customers: Customers) -> dict[str, Customers]:
    if customers.treated is None:
        return {ALL: customers}
    return {
        UNTREATED: customers.select(~customers.treated),
        TREATED: customers.select(customers.treated),
    }


def _require(group: Customers, name: str) -> None:
    count, leavers = len(group.left), int(group.left.sum())
    which = "" if name == ALL else f" {name}"
    if count < MIN_CUSTOMERS:
        raise DataError(f"the outcomes of {count}{which} customers say little: {MIN_CUSTOMERS} do")
    if leavers in (0, count):
        did = "left" if leavers else "stayed"
        raise DataError(f"all {count:,}{which} customers {did}: nothing tells good scores from bad")


def _can_be_told(group: Customers) -> bool:
    return len(group.left) >= MIN_CUSTOMERS and 0 < group.left.sum() < len(group.left)


def _describe(
    group: Customers, metrics: dict[str, float], economics: dict[str, float] | None
) -> dict[str, Any]:
    return {
        "customers": len(group.left),
        "left": int(group.left.sum()),
        "figures": _to_json(measure_outcomes(group, metrics, economics)),
        "calibration": calibrate(group, MIN_CUSTOMERS),
    }


def _to_json(figures: dict[str, Figure]) -> dict[str, dict[str, float | None]]:
    return {name: figure.as_dict() for name, figure in figures.items()}


def _note_groups(groups: dict[str, Customers], told: dict[str, Customers]) -> list[str]:
    if ALL in groups:
        return [
            "nobody says which customers were made an offer (--treated COLUMN): if some were, "
            "and stayed for it, the model looks worse here than it is"
        ]
    if TREATED in told:
        return [
            "customers who were made an offer are told apart; only the others prove how good "
            "the scores are"
        ]
    return [f"fewer than {MIN_CUSTOMERS} customers were made an offer, or all of them did the same"]


def _note_promises(figures: dict[str, dict[str, Any]]) -> list[str]:
    notes = []
    rate, auc = figures["churn_rate"], figures["auc"]
    if not rate["low"] <= rate["promised"] <= rate["high"]:
        more = "more" if rate["value"] > rate["promised"] else "fewer"
        notes.append(f"{more} customers left than the probabilities said, beyond chance")
    tolerance = TOLERANCES["AUC"]
    if auc["promised"] is not None and auc["high"] < auc["promised"] - tolerance:
        notes.append(f"AUC is lower than promised by more than {tolerance}, beyond chance")
    return notes
