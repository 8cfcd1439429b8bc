"""May a candidate go live? Parity, leaks, schema, and no worse than the live model anywhere.

Overall the candidate has to show that it isn't worse beyond the tolerance: the lower end of the
interval counts. A segment is small, so there the live model's lead has to be shown instead: the
upper end counts, widened for the number of segments (see `model.registry.comparison`).
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from inference.scoring.artifact import Artifact
from inference.scoring.batch import score_records
from model.errors import DataError
from model.export.parity import TOLERANCE as PARITY_TOLERANCE
from model.reading.files import Files
from model.registry.comparison import CONFIDENCE, Comparison, compare
from model.registry.holdout import Holdout, describe_split, find_holdout

TOLERANCES = {"AUC": 0.01, "Brier score": 0.005}  # about two standard errors on IBM's table

MAX_NOT_SCORED = 0.01  # of the live traffic, by a shadow: what clients send, it has to take


@dataclass(frozen=True)
class Check:
    """One question of the gate and the reasons, with figures, why its answer is no."""

    name: str
    refusals: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Verdict:
    """What the gate found."""

    checks: tuple[Check, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def has_passed(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.refusals

    @property
    def refusals(self) -> list[str]:
        """Every reason against the candidate."""
        return [reason for check in self.checks for reason in check.refusals]

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON: the overall figures, and those of segments that are worse."""
        told = [item for item in self.comparisons if item.segment is None or is_worse(item)]
        return {
            "passed": self.has_passed,
            "checks": [asdict(check) | {"refusals": list(check.refusals)} for check in self.checks],
            "tolerances": TOLERANCES,
            "comparisons": [asdict(item) for item in told],
        }


def judge(  # noqa: PLR0913 - what the user may allow, each by name
    candidate: Artifact,
    live: Artifact | None,
    csv: Files | None = None,
    *,
    may_change_schema: bool = False,
    may_be_synthetic: bool = False,
    allowed_leaks: Collection[str] = (),
    shadow: dict[str, Any] | None = None,
) -> Verdict:
    """Return whether a candidate may replace the live model.

    Args:
        candidate: the model to go live.
        live: the model that serves now; None means there is none to compare with.
        csv: the table that the candidate learned from; None means IBM's, or the made-up one.
        may_change_schema: clients know that the features have changed.
        may_be_synthetic: made-up customers are good enough to learn from, as in a trial.
        allowed_leaks: columns that are known before the outcome is, whatever they look like.
        shadow: what the candidate showed as the live model's shadow (`model.shadow.evidence`).
    """
    own = (
        _check_parity(candidate),
        _check_data(candidate, live, may_be_synthetic),
        _check_leaks(candidate, allowed_leaks),
        *([_check_shadow(shadow)] if shadow else []),
    )
    if live is None:
        return Verdict((*own, Check("comparison", (), "no live model to compare with")))
    schema = _check_schema(candidate, live, may_change_schema)
    try:
        holdout = find_holdout(candidate, csv)
    except DataError as error:
        hint = "say --data CSV, or set TELCO_CSV"
        reason = f"can't be compared with the live model: {error}; {hint}"
        return Verdict((*own, schema, Check("comparison", (reason,), "")))
    checks, comparisons = _compare(candidate, live, holdout, may_change_schema)
    return Verdict((*own, schema, *checks), comparisons)


def is_worse(item: Comparison) -> bool:
    """Return whether one comparison speaks against the candidate."""
    tolerance = TOLERANCES[item.metric]
    if item.segment is None:
        return item.low < -tolerance
    return item.high < 0 and item.gain < -tolerance


def _check_parity(candidate: Artifact) -> Check:
    parity = candidate.meta.get("parity") or {}
    difference = parity.get("max_difference")
    if not parity.get("rows") or difference is None:
        reason = "parity with scikit-learn: not recorded in training_meta.parity"
        return Check("parity", (reason,), "")
    if not difference <= PARITY_TOLERANCE:
        reason = f"parity with scikit-learn: off by {difference:.1e}, over {PARITY_TOLERANCE:.0e}"
        return Check("parity", (reason,), "")
    return Check("parity", (), f"{parity['rows']:,} rows within {difference:.1e} of scikit-learn")


def _check_data(candidate: Artifact, live: Artifact | None, may_be_synthetic: bool) -> Check:
    data = candidate.meta.get("data") or {}
    if not data.get("synthetic"):
        return Check("data", (), f"{data.get('rows', 0):,} customers of {data.get('name')}")
    is_trial = live is not None and (live.meta.get("data") or {}).get("synthetic")
    if may_be_synthetic or is_trial:
        return Check("data", (), "made-up customers, as allowed")
    return Check("data", ("data: learned from made-up customers (--allow-synthetic)",), "")


def _check_leaks(candidate: Artifact, allowed: Collection[str]) -> Check:
    inspection = candidate.meta.get("inspection")
    if inspection is None:
        return Check("leaks", (), "not looked for when it was trained")
    leaks = [leak for leak in inspection["leaks"] if not set(leak["columns"]) <= set(allowed)]
    note = f"{len(inspection['leaks'])} allowed" if inspection["leaks"] else "none found"
    return Check("leaks", tuple(map(_explain_leak, leaks)), "" if leaks else note)


def _check_shadow(evidence: dict[str, Any]) -> Check:
    customers, lost = evidence["customers"], evidence["not_scored"]
    if lost > MAX_NOT_SCORED * customers:
        reason = f"shadow: couldn't score {lost:,} of {customers:,} customers of the live traffic"
        return Check("shadow", (reason,), "")
    _, gained, dropped, _ = evidence["labels"]
    note = (
        f"of {customers:,} customers of the live traffic {gained / customers:.1%} would be "
        f"flagged anew, {dropped / customers:.1%} no longer"
    )
    return Check("shadow", (), note)


def _explain_leak(leak: dict[str, Any]) -> str:
    names = " and ".join(f'"{name}"' for name in leak["columns"])
    flags = " ".join(f'--allow-leak "{name}"' for name in leak["columns"])
    return (
        f"leaks: {names} alone: AUC {leak['auc_alone']:.4f}, the table without leaks "
        f"{leak['auc_without']:.4f}; train with --drop, or say {flags} --reason WHY"
    )


def _check_schema(candidate: Artifact, live: Artifact, may_change: bool) -> Check:
    changes = schema_changes(live, candidate)
    if not changes:
        return Check("schema", (), f"the same {len(live.schema['features'])} features")
    if may_change:
        return Check("schema", (), f"changed, as allowed: {'; '.join(changes)}")
    return Check("schema", tuple(f"{change} (--allow-schema-change)" for change in changes), "")


def schema_changes(live: Artifact, candidate: Artifact) -> list[str]:
    """Return what a client of the live model would have to know before the candidate serves."""
    old = {spec["name"]: spec["kind"] for spec in live.schema["features"]}
    new = {spec["name"]: spec["kind"] for spec in candidate.schema["features"]}
    changes = [f"schema: {name} is no longer used" for name in old if name not in new]
    changes += [f"schema: {name} is newly required" for name in new if name not in old]
    changes += [
        f"schema: {name} was a {old[name]}, becomes a {kind}"
        for name, kind in new.items()
        if old.get(name, kind) != kind
    ]
    if live.schema["target"] is None:  # the first version's file doesn't say what it predicts
        return changes
    for key, title in (("target", "target"), ("labels", "labels"), ("id", "id column")):
        if live.schema[key] != candidate.schema[key]:
            changes.append(
                f"schema: the {title} was {live.schema[key]}, is {candidate.schema[key]}"
            )
    return changes


def _compare(
    candidate: Artifact, live: Artifact, holdout: Holdout, may_change_schema: bool
) -> tuple[list[Check], tuple[Comparison, ...]]:
    scored = {"candidate": candidate, "live model": live}
    batches = {name: score_records(model, holdout.records) for name, model in scored.items()}
    for name, batch in batches.items():
        if batch.errors:
            _, field, message = batch.errors[0]
            problem = f"the {name} can't score the rows of {holdout.name}: {field}: {message}"
            excused = may_change_schema and name == "live model"
            return [Check("comparison", () if excused else (problem,), problem)], ()
    comparisons = compare(
        holdout.target,
        np.array(batches["live model"].predictions, dtype=float),
        np.array(batches["candidate"].predictions, dtype=float),
        holdout.segments,
    )
    overall = [item for item in comparisons if item.segment is None]
    segments = [item for item in comparisons if item.segment is not None]
    note = f"{len(segments)} figures of {len({item.segment for item in segments})} segments"
    return [
        Check("overall", _refusals(overall), _basis(candidate, live, holdout)),
        Check("segments", _refusals(segments), note),
    ], tuple(comparisons)


def _refusals(comparisons: list[Comparison]) -> tuple[str, ...]:
    return tuple(_explain(item) for item in comparisons if is_worse(item))


def _explain(item: Comparison) -> str:
    where = f"{item.segment}: " if item.segment else ""
    figures = f"{where}{item.metric} {item.candidate:.4f}, live {item.live:.4f}"
    tolerance = f"tolerated: {TOLERANCES[item.metric]}"
    if item.high < 0:
        sure = f"worse by {-item.gain:.4f}, surely by {-item.high:.4f}"
    else:
        sure = f"may be worse by {-item.low:.4f}"
    return f"{figures}: {sure} ({CONFIDENCE:.0%}, {item.customers:,} customers; {tolerance})"


def _basis(candidate: Artifact, live: Artifact, holdout: Holdout) -> str:
    data = candidate.meta["data"]
    basis = f"{len(holdout.target):,} held-out customers of {holdout.name}"
    if data.get("synthetic"):
        basis += ", which are made up"
    if live.meta.get("data", {}).get("sha256") != data["sha256"]:
        basis += "; the live model learned from another table and may have seen some of them"
    elif describe_split(live) != describe_split(candidate):
        basis += "; the live model held out others and has seen some of them"
    return basis
