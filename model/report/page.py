"""The page: one HTML document with its style and pictures inside, which loads nothing."""

from base64 import b64encode
from pathlib import Path

import htpy as h
from markupsafe import Markup

from model.report.drawing import Plot
from model.report.evidence import Evidence
from model.report.file import VERSION_NAME
from model.report.section import Gallery, Section
from model.report.sections.card import summarize

TITLE = "Churn model report"
# The browser loads nothing and runs nothing, whatever a column's name may hold.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PIXELS_PER_IN = 96  # of CSS
_SYNTHETIC = (
    "SYNTHETIC DATA: these customers are made up. No figure here says anything about real ones. "
)
_LEAK = "LEAK: a column tells the outcome, so every figure here is too good: "
_STYLE = Path(__file__).with_name("style.css")


def build_page(evidence: Evidence, sections: list[Section], pngs: dict[str, bytes]) -> str:
    """Return the whole document.

    Args:
        evidence: what the figures were computed from.
        sections: in their order.
        pngs: each plot's picture, by name.
    """
    links = (h.a(href=f"#{section.anchor}")[section.title] for section in sections)
    main = h.main[
        _header(evidence),
        h.nav(aria_label="Contents")[links],
        (_write_section(section, pngs) for section in sections),
    ]
    return f"{h.html(lang='en')[_head(evidence), h.body[_banner(evidence), main]]}\n"


def _head(evidence: Evidence) -> h.Element:
    return h.head[
        h.meta(charset="utf-8"),
        h.meta(name=VERSION_NAME, content=evidence.artifact.version),
        h.meta(http_equiv="Content-Security-Policy", content=POLICY),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light"),
        h.title[f"{TITLE} {evidence.artifact.version}"],
        h.style[Markup(_STYLE.read_text(encoding="utf-8"))],  # noqa: S704  our own file  # nosec B704
    ]


def _banner(evidence: Evidence) -> h.Element | None:
    warnings: list[h.Node] = []
    if evidence.is_synthetic:
        warnings.append(_SYNTHETIC)
    if (evidence.artifact.meta.get("inspection") or {}).get("leaks"):
        warnings += [_LEAK, h.a(href="#findings")["which, and what to do"], "."]
    return h.p(".banner", role="alert")[warnings] if warnings else None


def _header(evidence: Evidence) -> h.Element:
    schema = evidence.artifact.schema
    learned = f"{evidence.served} for {schema['target']} = “{schema['labels'][1]}”, learned from "
    return h.header[
        h.h1[TITLE],
        h.p(".lead")[learned, evidence.dataset.name],
        h.p["Version ", h.code[evidence.artifact.version]],
        summarize(evidence),
    ]


def _write_section(section: Section, pngs: dict[str, bytes]) -> h.Element:
    parts = [
        _write_gallery(part, pngs) if isinstance(part, Gallery) else part for part in section.parts
    ]
    return h.section(id=section.anchor)[h.h2[section.title], parts]


def _write_gallery(gallery: Gallery, pngs: dict[str, bytes]) -> h.Element:
    return h.div(class_="gallery small" if gallery.is_small else "gallery")[
        (
            _embed(item, pngs[item.name]) if isinstance(item, Plot) else item
            for item in gallery.items
        )
    ]


def _embed(plot: Plot, png: bytes) -> h.Element:
    width_in, height_in = plot.figure.get_size_inches()
    image = h.img(
        src=f"data:image/png;base64,{b64encode(png).decode()}",
        alt=f"{plot.title}. {plot.caption}",
        width=f"{width_in * PIXELS_PER_IN:.0f}",
        height=f"{height_in * PIXELS_PER_IN:.0f}",
    )
    if not plot.basis:
        return h.figure[image]
    basis = h.small[f"Computed on {plot.basis}."]
    return h.figure[image, h.figcaption[plot.caption, " ", basis]]
