"""The table: rows, blanks, target rate, hash, and each feature."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from model.report.evidence import Evidence
from model.report.markup import facts, table
from model.report.section import Section

if TYPE_CHECKING:
    from inference.scoring.model_types import Feature


def write_data(evidence: Evidence) -> Section:
    """Return the facts about the table: rows, blanks, target rate, hash, and each feature."""
    dataset, frame = evidence.dataset, evidence.dataset.frame
    blanks = int(frame.isna().sum().sum())
    pairs = [
        ("Table", dataset.name + (" (SYNTHETIC: made up)" if dataset.is_synthetic else "")),
        ("SHA-256", dataset.sha256),
        ("Customers", f"{len(dataset.target):,}"),
        ("Learned from", f"{evidence.training_customers:,}"),
        ("Held out", f"{len(evidence.target):,}, {_drawn(evidence)}, the same for every candidate"),
        (
            f"{dataset.target_name} = “{dataset.labels[1]}”",
            f"{int(dataset.target.sum()):,} ({dataset.target.mean():.2%})",
        ),
        ("Features", f"{len(dataset.numeric)} numeric, {len(dataset.categorical)} categorical"),
        ("Blank fields", f"{blanks:,} of {frame.size:,}"),
        ("Id column, not learned from", dataset.id_column or "none"),
    ]
    if by_lot := evidence.artifact.meta.get("random_split"):
        later = evidence.metrics["auc"]
        figures = f"{by_lot['auc']:.4f}, against {later:.4f} on the latest"
        pairs.append(("AUC if customers were held out by lot", figures))
    header = ("Feature", "kind", "blank#", "blank becomes", "different values#", "values")
    rows = [_feature(spec, frame[spec["name"]]) for spec in evidence.artifact.features]
    caption = "Features, over the whole table; numbers as least, median, greatest"
    return Section("data", "Data", [facts(pairs), table(caption, header, rows)])


def _drawn(evidence: Evidence) -> str:
    column = evidence.dataset.time_column
    return f"the latest by {column}" if column else "stratified"


def _feature(spec: "Feature", values: "pd.Series[Any]") -> tuple[str, ...]:
    blank = int(values.isna().sum())
    becomes = spec["blank"]
    if spec["kind"] == "number":
        shown = f"{values.min():,.6g}, {values.median():,.6g}, {values.max():,.6g}"
        becomes = "stays missing" if becomes is None else f"{becomes:,.6g}"
    else:
        top = values.value_counts(normalize=True)
        shown = f"most often {top.index[0]} ({top.iloc[0]:.0%})"
        becomes = "none of them" if becomes is None else becomes
    return (
        spec["name"],
        spec["kind"],
        f"{blank:,} ({blank / len(values):.1%})" if blank else "0",
        becomes,
        f"{values.nunique():,}",
        shown,
    )
