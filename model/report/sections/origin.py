"""What it takes to make the model again."""

from typing import Any

from model.report.evidence import Evidence
from model.report.markup import facts
from model.report.section import DASH, Section


def write_origin(evidence: Evidence) -> Section:
    """Return what it takes to make the model again."""
    meta = evidence.artifact.meta
    parity = meta.get("parity", {})
    pairs = [
        ("Version", evidence.artifact.version),
        ("Trained at", str(meta.get("trained_at", DASH))),
        ("Winner of the leaderboard", str(meta["final_choice"])),
        ("In the model file", evidence.served),
        *_describe_search(meta.get("search")),
        ("Libraries", ", ".join(f"{k} {v}" for k, v in meta.get("libraries", {}).items())),
    ]
    if parity:
        pairs.append(
            (
                "Parity",
                f"the function's own code scored {parity['rows']:,} rows; the largest difference "
                f"from scikit-learn's probability is {parity['max_difference']:.1e}",
            )
        )
    return Section("origin", "Where it comes from", [facts(pairs)])


def _describe_search(search: dict[str, Any] | None) -> list[tuple[str, str]]:
    if not search:
        return []
    count, budget_s = search["tried"], search["budget_s"]
    tried = f"{count} settings of boosting tried, for a budget of {budget_s:g} s"
    if by := search.get("ended_by"):
        tried += (
            f"; {by} ended it, {search['planned']} were planned: another run may find something "
            "else"
        )
    return [("Search", tried)]
