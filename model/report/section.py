"""What a section of the page is made of: texts, tables, and pictures beside each other."""

from collections.abc import Iterator
from dataclasses import dataclass

from htpy import Renderable

from model.report.drawing import Plot

DASH = "-"  # what isn't known


@dataclass(frozen=True, eq=False)
class Gallery:
    """Pictures and texts side by side, or one below the other where there is no room."""

    items: list[Renderable | Plot]
    is_small: bool = False


Part = Renderable | Gallery


@dataclass(frozen=True, eq=False)
class Section:
    """A part of the page; `anchor` is what links to it name."""

    anchor: str
    title: str
    parts: list[Part]

    @property
    def plots(self) -> Iterator[Plot]:
        """Its pictures, in order."""
        for part in self.parts:
            if isinstance(part, Gallery):
                yield from (item for item in part.items if isinstance(item, Plot))
