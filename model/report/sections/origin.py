"""What it takes to make the model again."""

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
