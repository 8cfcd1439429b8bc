"""The page's sections on how good the model is, what to do with it, and what moves it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from model.report.decision import PER, Decision, list_decisions
from model.report.discrimination import split_tenths
from model.report.effects import Effects, rank_features
from model.report.evidence import Evidence
from model.report.markup import Html, element, table

Figures = dict[str, Html]
DASH = "-"

_RULES = {
    "f1": "the best for F1 by cross-validation on the training customers",
    "profit": "the most profitable by cross-validation on the training customers",
}
_USUAL = "the usual one half, chosen on no data"


@dataclass(frozen=True)
class Section:
    """A part of the page; `anchor` is what links to it name."""

    anchor: str
    title: str
    parts: list[Html]


def leaderboard_section(evidence: Evidence, figures: Figures) -> Section:
    """Return who competed: quality with intervals, size and latency."""
    header = (
        "Candidate",
        "CV AUC (95% interval)#",
        "behind best#",
        "held-out AUC#",
        "avg precision#",
        "Brier#",
        "log loss#",
        "top-decile lift#",
        "file kB#",
        "µs each#",
        "fit s#",
    )
    rows = [_candidate(row, evidence) for row in evidence.leaderboard]
    caption = (
        "Candidates, best first; the one in bold serves. CV: cross-validation on "
        f"{evidence.training_customers:,} training customers; the other figures: "
        f"{evidence.held_out}. Times: on the machine that trained, one thread."
    )
    refusals = [
        element("p", f"{row['name']} can't be exported: {row['refusal']}")
        for row in evidence.leaderboard
        if row["refusal"]
    ]
    pictures = gallery(figures["leaderboard"], figures["serving-cost"])
    return Section(
        "leaderboard", "Leaderboard", [pictures, table(caption, header, rows), *refusals]
    )


def ranking_section(evidence: Evidence, figures: Figures) -> Section:
    """Return how well customers are ranked: ROC, precision and recall, deciles."""
    tenths = split_tenths(evidence.target, evidence.probabilities)
    rows = [
        (
            str(place),
            f"{tenth.customers:,}",
            f"{tenth.leavers:,.1f}".removesuffix(".0"),
            f"{tenth.leavers / tenth.customers:.1%}",
            f"{tenth.lift:.2f}",
            f"{tenth.gain:.1%}",
        )
        for place, tenth in enumerate(tenths, start=1)
    ]
    header = ("Decile", "customers#", "left#", "share#", "lift#", "leavers reached so far#")
    caption = (
        f"By decile of the score, highest first, on {evidence.held_out}; of customers with equal "
        "scores on a border each side gets its share"
    )
    names = ("roc", "precision-recall", "lift", "gain")
    pictures = gallery(*(figures[name] for name in names))
    parts = [pictures, table(caption, header, rows)]
    return Section("ranking", "Does it rank customers well?", parts)


def probability_section(evidence: Evidence, figures: Figures) -> Section:
    """Return whether probabilities can be taken at face value."""
    predicted, observed = evidence.probabilities.mean(), evidence.target.mean()
    text = (
        f"On average the model predicts {predicted:.1%}; {observed:.1%} of {evidence.held_out} "
        f"left. Brier score {evidence.metrics['brier']:.4f}, log loss "
        f"{evidence.metrics['log_loss']:.4f} (lower is better; always answering the average "
        f"would score a Brier of {observed * (1 - observed):.4f})."
    )
    pictures = gallery(figures["calibration"], figures["scores"])
    return Section("probabilities", "Are its probabilities right?", [element("p", text), pictures])


def decision_section(evidence: Evidence, figures: Figures) -> Section:
    """Return what the threshold does, and what it earns."""
    decisions = list_decisions(evidence)
    header = ("", *(f"{item.name}#" for item in decisions))
    caption = f"What an offer from a threshold on does to {evidence.held_out}"
    lead = (
        f"The model flags customers from {evidence.artifact.threshold:.4g} on: "
        f"{_RULES.get(evidence.artifact.meta.get('threshold_rule', ''), _USUAL)}."
    )
    comparison = table(caption, header, _compare_decisions(decisions, evidence))
    parts = [
        element("p", lead),
        *_warn_of_example(evidence),
        gallery(figures["profit"], comparison),
    ]
    return Section("decision", "Whom to make an offer?", parts)


def drivers_section(evidence: Evidence, effects: Effects, figures: Figures) -> Section:
    """Return what moves the scores: importance, and each feature's values."""
    panels = [figures[name] for name in figures if name.startswith("effect-")]
    parts = [
        gallery(figures["importance"], _explain_importance(evidence, effects)),
        element("h3", "What each value does"),
        element("p", _explain_panels(len(evidence.artifact.features) - len(panels), effects)),
        element("div", *panels, class_="gallery small"),
    ]
    return Section("drivers", "What moves the scores?", parts)


def gallery(*parts: Html) -> Html:
    """Return pictures and tables side by side, or one below the other where there is no room."""
    return element("div", *parts, class_="gallery")


def _candidate(row: dict[str, Any], evidence: Evidence) -> tuple[str, ...]:
    name = str(row["name"])
    behind = f"{row['behind_best']:.4f} ±{row['behind_best_margin']:.4f}"
    size, time = row["artifact_bytes"], row["prediction_us"]
    return (
        element("strong", name) if name == evidence.served else name,
        f"{row['cv_auc']:.4f} ({row['cv_auc_low']:.3f} to {row['cv_auc_high']:.3f})",
        behind if row["behind_best"] else DASH,
        f"{row['auc']:.4f}",
        f"{row['average_precision']:.4f}",
        f"{row['brier']:.4f}",
        f"{row['log_loss']:.4f}",
        f"{row['top_decile_lift']:.2f}",
        DASH if size is None else f"{size / 1000:,.1f}",
        DASH if time is None else f"{time:,.1f}",
        f"{row['fit_time_s']:.2f}",
    )


def _compare_decisions(decisions: list[Decision], evidence: Evidence) -> list[tuple[str, ...]]:
    per = PER / len(evidence.target)
    measures: dict[str, Callable[[Decision], str]] = {
        "from a probability of": lambda item: f"{item.threshold:.4f}",
        "customers flagged": lambda item: f"{item.flagged:,}",
        "leavers caught": lambda item: f"{item.caught:,}",
        "leavers missed": lambda item: f"{item.missed:,}",
        "false alarms": lambda item: f"{item.false_alarms:,}",
        "precision": lambda item: DASH if item.precision is None else f"{item.precision:.1%}",
        "recall": lambda item: f"{item.recall:.1%}",
        f"profit per {PER:,} customers": lambda item: f"{item.profit * per:,.0f}",
    }
    return [(name, *map(show, decisions)) for name, show in measures.items()]


def _warn_of_example(evidence: Evidence) -> list[Html]:
    if evidence.has_economics:
        return []
    flag = element("code", "--economics VALUE,COST,SUCCESS")
    text = (
        "Profits here use EXAMPLE figures, as training was told none. Say what a customer and an "
        "offer are worth with "
    )
    return [element("p", text, flag, ".", class_="note")]


def _explain_importance(evidence: Evidence, effects: Effects) -> Html:
    ranked = rank_features(evidence, effects)
    first = ", ".join(f"{item.feature} ({item.mean_absolute:.2f})" for item in ranked[:3])
    texts = [
        f"Every customer starts from a base of {effects.base:.3f}, the model's average "
        f"{effects.unit}. Each feature moves that up or down; all effects together give the "
        "customer's score. These are the reasons that the API answers with: exact SHAP values.",
        f"The features that move scores furthest, on average: {first}.",
        "An effect tells what the model uses. It doesn't tell what makes customers leave, and two "
        "features that go together share an effect between them.",
    ]
    return element("div", *(element("p", text) for text in texts))


def _explain_panels(left_out: int, effects: Effects) -> str:
    text = (
        "What the values of each feature do to the score: right or up raises it. Bars and dots are "
        "means; lines and bands hold the middle 80% of the customers with that value; in brackets "
        f"how many they are. All pictures have the same scale. Computed on {effects.basis}."
    )
    return text + (
        f" The {left_out} features that move scores least are not shown." * (left_out > 0)
    )
