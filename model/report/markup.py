"""HTML that is safe by construction: what isn't `Html` already is escaped on its way in."""

from collections.abc import Iterable, Sequence
from html import escape

_VOID = frozenset({"img", "meta"})

Cell = str


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str) -> Html:
    """Return an element; a trailing underscore of an attribute's name is dropped, as of `class_`.

    An underscore inside stands for a hyphen.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{join(children)}</{tag}>")


def join(children: Iterable[str]) -> Html:
    """Return parts one after the other."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Return a table that scrolls in a box of its own where the page is narrower.

    The first cell of a row names it. Columns whose header ends in # are numbers.
    """
    is_number = [name.endswith("#") for name in header]
    heads = (
        element("th", name.rstrip("#"), scope="col", class_=_kind(number))
        for name, number in zip(header, is_number, strict=True)
    )
    body = (element("tr", *_cells(row, is_number)) for row in rows)
    content = element(
        "table",
        element("thead", element("tr", *heads)),
        element("tbody", *body),
        aria_label=caption,
    )
    box = element(
        "div",
        content,
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=f"{caption} (table)",
    )
    return element("div", element("p", caption, class_="caption"), box, class_="table")


def facts(pairs: Iterable[tuple[str, str]]) -> Html:
    """Return a list of names and what they stand for."""
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", value)) for name, value in pairs),
    )


def bullets(items: Iterable[str]) -> Html:
    """Return a list."""
    return element("ul", *(element("li", item) for item in items))


def _cells(row: Sequence[str], is_number: Sequence[bool]) -> Iterable[Html]:
    for place, (cell, number) in enumerate(zip(row, is_number, strict=True)):
        if place:
            yield element("td", cell, class_=_kind(number))
        else:
            yield element("th", cell, scope="row", class_=_kind(number))


def _kind(is_number: bool) -> str:
    return "number" if is_number else "text"
