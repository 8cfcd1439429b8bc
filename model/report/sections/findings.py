"""What a look at the table found: leaks, odd columns and rows, and what was read how."""

import htpy as h

from model.inspection.findings import Findings
from model.report.evidence import Evidence
from model.report.markup import bullets, table
from model.report.section import Part, Section


def write_findings(evidence: Evidence) -> Section:
    """Return what was found, each with what to do about it."""
    title = "What was odd about the table?"
    meta = evidence.artifact.meta.get("inspection")
    if meta is None:
        return Section(
            "findings", title, [h.p["Nothing looked at it when this model was trained."]]
        )
    findings = Findings.from_meta(meta)
    parts: list[Part] = [_warn(findings)] if findings.leaks else [h.p[_NO_LEAK]]
    if findings.lines():
        parts.append(bullets(findings.lines()))
    return Section("findings", title, parts)


_NO_LEAK = (
    "No column, and no pair of columns, ranks customers almost perfectly by itself: nothing looks "
    "as if it had been computed from the outcome."
)


def _warn(findings: Findings) -> h.Element:
    header = ("Leak", "AUC alone#", "AUC of all columns#", "AUC without leaks#")
    rows = [
        (
            " and ".join(leak.columns),
            f"{leak.auc_alone:.4f}",
            f"{leak.auc_with:.4f}",
            f"{leak.auc_without:.4f}",
        )
        for leak in findings.leaks
    ]
    caption = "Columns that tell the outcome, by cross-validation on training customers"
    return h.div[
        (h.p(".note")[warning] for warning in findings.warnings()), table(caption, header, rows)
    ]
