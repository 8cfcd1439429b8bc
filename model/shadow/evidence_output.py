"""What a shadow has shown, in the terminal."""

from collections.abc import Sequence
from datetime import UTC, datetime

from inference.shadow.differences import BARS, EDGES
from model.console import print_line, print_table
from model.shadow.evidence import Evidence

LABELS = (
    "neither flags",
    "the shadow alone flags",
    "the live model alone flags",
    "both flag",
)  # in the order of `Differences.labels`
JOINED = 2  # bars of the histogram a row


def print_evidence(evidence: Evidence) -> None:
    """Print what would change if the shadow went live."""
    since, until = (
        f"{datetime.fromtimestamp(evidence[end], UTC):%Y-%m-%d %H:%M}" for end in ("since", "until")
    )
    customers, lost = evidence["customers"], evidence["not_scored"]
    print_line(f"Shadow {evidence['shadow_version']} beside {evidence['model_version']}")
    print_line(f"{customers:,} customers, {since} to {until} UTC; the shadow can't score {lost:,}")
    print_table(
        "Labels", ("by their own thresholds", "customers#", "share#"), _list_labels(evidence)
    )
    print_table("Change in probability", ("up to", "customers#", "share#"), _list_changes(evidence))
    print_table("Probabilities", ("from", "live#", "shadow#"), _list_scores(evidence))


def _list_labels(evidence: Evidence) -> list[tuple[str, ...]]:
    return _with_shares(LABELS, evidence["labels"])


def _list_changes(evidence: Evidence) -> list[tuple[str, ...]]:
    return _with_shares([*(f"{edge:g}" for edge in EDGES), "1"], evidence["changes"])


def _list_scores(evidence: Evidence) -> list[tuple[str, ...]]:
    return [
        (
            f"{start / BARS:.1f}",
            *(f"{sum(evidence[name][start : start + JOINED]):,}" for name in _HISTOGRAMS),
        )
        for start in range(0, BARS, JOINED)
    ]


_HISTOGRAMS = ("live_scores", "shadow_scores")


def _with_shares(names: Sequence[str], counts: Sequence[int]) -> list[tuple[str, ...]]:
    total = max(1, sum(counts))
    return [
        (name, f"{count:,}", f"{count / total:.1%}")
        for name, count in zip(names, counts, strict=True)
    ]
