"""Tables and lists as HTML; htpy escapes every text on its way in."""

from collections.abc import Iterable, Sequence

import htpy as h

Cell = str | h.Element


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> h.Element:
    """Return a table that scrolls in a box of its own where the page is narrower.

    The first cell of a row names it. Columns whose header ends in # are numbers.
    """
    kinds = ["number" if name.endswith("#") else "text" for name in header]
    heads = [
        h.th(scope="col", class_=kind)[name.rstrip("#")]
        for name, kind in zip(header, kinds, strict=True)
    ]
    content = h.table(aria_label=caption)[
        h.thead[h.tr[heads]],
        h.tbody[(h.tr[_cells(row, kinds)] for row in rows)],
    ]
    box = h.div(".scroll", tabindex="0", role="region", aria_label=f"{caption} (table)")
    return h.div(".table")[h.p(".caption")[caption], box[content]]


def facts(pairs: Iterable[tuple[str, str]]) -> h.Element:
    """Return a list of names and what they stand for."""
    return h.dl[(h.div[h.dt[name], h.dd[value]] for name, value in pairs)]


def bullets(items: Iterable[str]) -> h.Element:
    """Return a list."""
    return h.ul[(h.li[item] for item in items)]


def _cells(row: Sequence[Cell], kinds: Sequence[str]) -> Iterable[h.Element]:
    for place, (cell, kind) in enumerate(zip(row, kinds, strict=True)):
        yield h.td(class_=kind)[cell] if place else h.th(scope="row", class_=kind)[cell]
