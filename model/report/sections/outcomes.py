"""What became of customers that the model scored, beside what was promised."""

from collections.abc import Sequence

import htpy as h

from model.outcomes.ledger import Look
from model.outcomes.look_output import FIGURE_COLUMNS, SERIES, TITLES, list_figures, list_series
from model.report.markup import bullets, table
from model.report.section import Part, Section


def write_outcomes(looks: Sequence[Look]) -> list[Section]:
    """Return the section on what came true, or none where nobody has told it yet."""
    if not looks:
        return []
    last = looks[-1]
    group = last["groups"][last["proof"]]
    caption = f"{group['customers']:,} customers scored in {last['period']}; 95 % intervals"
    parts: list[Part] = [
        h.p["Held-out customers say what a model promises; those it scored since, what it keeps."],
        table("Each period", SERIES, map(list_series, looks)),
        table(caption, FIGURE_COLUMNS, list_figures(group["figures"], TITLES)),
        bullets(last["notes"]),
    ]
    return [Section("outcomes", "What came true?", parts)]
