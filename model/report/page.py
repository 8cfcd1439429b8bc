"""The page: one HTML document with its style and pictures inside, which loads nothing."""

from pathlib import Path

from model.report.card import data_section, model_card_section, origin_section, summarize
from model.report.effects import Effects
from model.report.evidence import Evidence
from model.report.file import VERSION_NAME
from model.report.markup import Html, element, join
from model.report.sections import (
    Figures,
    Section,
    decision_section,
    drivers_section,
    leaderboard_section,
    probability_section,
    ranking_section,
)
from model.report.segments import Segment
from model.report.weakness import fairness_section, weakness_section

TITLE = "Churn model report"
# The browser loads nothing and runs nothing, whatever a column's name may hold.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = Path(__file__).with_name("style.css")


def build_page(
    evidence: Evidence, effects: Effects, segments: list[Segment], figures: Figures
) -> str:
    """Return the whole document.

    Args:
        evidence: what the figures were computed from.
        effects: of held-out customers.
        segments: the weakest first.
        figures: by the plot's name, with the picture inside.
    """
    sections = [
        model_card_section(evidence, segments),
        leaderboard_section(evidence, figures),
        ranking_section(evidence, figures),
        probability_section(evidence, figures),
        decision_section(evidence, figures),
        drivers_section(evidence, effects, figures),
        weakness_section(evidence, segments, figures),
        fairness_section(evidence),
        data_section(evidence),
        origin_section(evidence),
    ]
    main = element(
        "main", _header(evidence), _contents(sections), *(_to_html(part) for part in sections)
    )
    body = element("body", *_banner(evidence), main)
    return f"<!DOCTYPE html>\n{element('html', _head(evidence), body, lang='en')}\n"


def _head(evidence: Evidence) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name=VERSION_NAME, content=evidence.artifact.version),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light"),
        element("title", f"{TITLE} {evidence.artifact.version}"),
        element("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )


def _banner(evidence: Evidence) -> list[Html]:
    if not evidence.is_synthetic:
        return []
    text = (
        "SYNTHETIC DATA: these customers are made up. No figure here says anything about real ones."
    )
    return [element("p", text, class_="banner", role="alert")]


def _header(evidence: Evidence) -> Html:
    schema = evidence.artifact.schema
    learned = f"{evidence.served} for {schema['target']} = “{schema['labels'][1]}”, learned from "
    return element(
        "header",
        element("h1", TITLE),
        element("p", learned, evidence.dataset.name, class_="lead"),
        element("p", "Version ", element("code", evidence.artifact.version)),
        summarize(evidence),
    )


def _contents(sections: list[Section]) -> Html:
    links = (element("a", part.title, href=f"#{part.anchor}") for part in sections)
    return element("nav", *links, aria_label="Contents")


def _to_html(section: Section) -> Html:
    return element("section", element("h2", section.title), join(section.parts), id=section.anchor)
