"""The page's head and model card: key figures, purpose, limits, what it must not be used for."""

import htpy as h

from model.export.schema import is_personal
from model.report.evidence import Evidence
from model.report.markup import bullets
from model.report.section import Section
from model.report.sections.ranking import split_tenths
from model.report.sections.segments import Segment, auc_interval, is_weaker

FEW_LEAVERS = 100  # held out; with fewer, intervals are wide
WEAKEST = 3  # segments that the card names


def summarize(evidence: Evidence) -> h.Element:
    """Return the key figures and a sentence in plain words."""
    metrics = evidence.metrics
    low, high = auc_interval(evidence.target, evidence.probabilities)
    speed = next(
        (row["prediction_us"] for row in evidence.leaderboard if row["name"] == evidence.served),
        None,
    )
    tiles = [
        ("AUC", f"{metrics['auc']:.4f}", f"95%: {low:.3f} to {high:.3f}"),
        ("Avg precision", f"{metrics['average_precision']:.4f}", "0 to 1, higher is better"),
        ("Brier score", f"{metrics['brier']:.4f}", "0 to 1, lower is better"),
        ("Top-decile lift", f"{metrics['top_decile_lift']:.2f}", "times the average's leavers"),
        ("Threshold", f"{evidence.artifact.threshold:.4g}", "flagged from here on"),
        ("Model file", f"{evidence.size_bytes / 1000:,.1f} kB", "one JSON object"),
    ]
    if speed:
        tiles.append(("Per prediction", f"{speed:,.1f} µs", "counted, not measured"))
    shown = (
        h.div(".tile")[h.span[name], h.strong[figure], h.small[note]]
        for name, figure, note in tiles
    )
    return h.div[h.div(".tiles")[shown], h.p[_in_plain_words(evidence)]]


def write_card(evidence: Evidence, segments: list[Segment]) -> Section:
    """Return purpose, limits, and what the model must not be used for."""
    parts = [
        _part("Purpose", h.p[_purpose(evidence)]),
        _part("Data", h.p[_data(evidence)]),
        _part("Limits", bullets(_limits(evidence, segments))),
        _part("Must not be used for", bullets(_misuses(evidence))),
    ]
    return Section("card", "Model card", [h.div(".gallery")[parts]])


def _part(title: str, content: h.Element) -> h.Element:
    return h.div[h.h3[title], content]


def _in_plain_words(evidence: Evidence) -> str:
    top = split_tenths(evidence.target, evidence.probabilities)[0]
    return (
        f"Of the tenth of {evidence.held_out} with the highest scores, "
        f"{top.leavers / top.customers:.0%} left, against {evidence.target.mean():.0%} of all; "
        f"contacting that tenth reaches {top.gain:.0%} of all leavers."
    )


def _purpose(evidence: Evidence) -> str:
    schema = evidence.artifact.schema
    return (
        f"Estimates for a customer the probability of {schema['target']} = “{schema['labels'][1]}” "
        "(“left” on this page; the others “stayed”), so that people can choose whom to make a "
        "retention offer, and why. It ranks customers and supports that one decision."
    )


def _data(evidence: Evidence) -> str:
    made_up = "made-up customers, which stand in for real ones" if evidence.is_synthetic else ""
    return (
        f"{evidence.dataset.name}: {len(evidence.dataset.target):,} "
        f"{made_up or 'customers'}, {len(evidence.artifact.features)} features, "
        f"{evidence.dataset.target.mean():.1%} left. It learned from "
        f"{evidence.training_customers:,} of them; the figures on this page are computed on the "
        f"other {len(evidence.target):,}, which it never saw, unless they say otherwise."
    )


def _limits(evidence: Evidence, segments: list[Segment]) -> list[str]:
    leavers = int(evidence.target.sum())
    weak = [item for item in segments if is_weaker(item, evidence)][:WEAKEST]
    names = "; ".join(f"{item.name} ({item.auc:.2f})" for item in weak)
    drawn = (
        f"the held-out customers are the latest by {evidence.dataset.time_column}"
        if evidence.dataset.time_column
        else "the held-out customers were drawn by lot, not from a later month"
    )
    limits = [
        f"One table: {drawn}. Expect less on next year's customers, and train anew.",
        "It knows customers like those in the table. A field outside the ranges below, or a "
        "category never seen, is scored with a warning, and is a guess.",
        "Effects are what the model uses, not causes: changing a field need not change anyone's "
        "mind.",
        "It doesn't know whom an offer would win over, only who is likely to leave.",
    ]
    if evidence.is_synthetic:
        limits.insert(0, "SYNTHETIC DATA: figures from made-up customers say nothing of real ones.")
    if leavers < FEW_LEAVERS:
        limits.append(f"Only {leavers} of the held-out customers left: all figures are uncertain.")
    if weak:
        limits.append(f"It ranks worst (AUC) in: {names}.")
    return limits


def _misuses(evidence: Evidence) -> list[str]:
    personal = [name for name in evidence.frame.columns if is_personal(name)]
    misuses = [
        "Credit, insurance, employment, housing, or any decision with a legal or similarly grave "
        "effect on a person; such decisions must not rest on an automated score alone (GDPR, "
        "Article 22).",
        "Worse terms, higher prices or less service for those who are likely to stay, or to leave.",
        "Guessing facts about a person, or judging a person by their score.",
        "Customers of another company, country or product than those in the table.",
    ]
    if personal:
        misuses.append(
            f"Choosing customers by {', '.join(personal)}: these may be facts about a person; look "
            "at the groups below before an offer depends on them."
        )
    return misuses
