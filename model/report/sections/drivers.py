"""Pictures of effects: which features matter, and what each of their values does."""

import re
from typing import Literal

import htpy as h
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from model.report.drawing import (
    BLUE,
    GREY,
    INK,
    LEAVERS,
    SKY,
    STAYERS,
    Plot,
    label_rows,
    new_figure,
    shorten,
)
from model.report.evidence import Evidence
from model.report.section import Gallery, Part, Section
from model.report.sections.effects import Effects, explain_held_out, rank_features
from model.report.sections.value_effects import FeatureEffect, sum_up_effects

MAX_FEATURES = 24  # with a picture of their own
MAX_IMPORTANCES = 30  # bars
PANEL_WIDTH_IN, PANEL_HEIGHT_IN = 3.5, 2.7
NEGLIGIBLE = 0.01  # of the largest effect: no more than a line in the picture
_NO_WORD = re.compile(r"[^a-z0-9]+")


def write_drivers(evidence: Evidence) -> Section:
    """Return what moves the scores: importance, and each feature's values.

    Raises:
        ModelError: the model's effects can't be worked out.
    """
    effects = explain_held_out(evidence)
    panels = plot_effects(evidence, effects)
    left_out = len(evidence.artifact.features) - len(panels)
    parts: list[Part] = [
        Gallery([plot_importance(evidence, effects), _explain_importance(evidence, effects)]),
        h.h3["What each value does"],
        h.p[_explain_panels(left_out, effects)],
        Gallery(list(panels), is_small=True),
    ]
    return Section("drivers", "What moves the scores?", parts)


def plot_importance(evidence: Evidence, effects: Effects) -> Plot:
    """Return the mean absolute effect of each feature."""
    title = "What moves the scores most"
    ranked = rank_features(evidence, effects)[:MAX_IMPORTANCES]
    figure, axes = new_figure(title, height_in=0.22 * len(ranked) + 0.9)
    means = [item.mean_absolute for item in ranked]
    bars = axes.barh(range(len(ranked)), means, height=0.66, color=BLUE)
    axes.bar_label(bars, fmt="%.3f", fontsize=8, padding=3)
    axes.set_yticks(range(len(ranked)), [shorten(item.feature, 24) for item in ranked])
    axes.set_ylim(len(ranked) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, max(*means, 1e-9) * 1.14)
    axes.set_xlabel(f"mean absolute effect, in {effects.unit}")
    return Plot(
        name="importance",
        title=title,
        caption=f"How far a feature moves a customer's {effects.unit} up or down from the base of "
        f"{effects.base:.3f}, on average: exact SHAP values. It says what the model uses, not "
        "what makes customers leave.",
        basis=effects.basis,
        figure=figure,
    )


def plot_effects(evidence: Evidence, effects: Effects) -> list[Plot]:
    """Return a picture per feature, the most important first: what each of its values does."""
    frame = evidence.frame.iloc[effects.rows].reset_index(drop=True)
    found = [
        sum_up_effects(frame[item.feature], effects.values[:, item.column])
        for item in rank_features(evidence, effects)[:MAX_FEATURES]
    ]
    reach = max([item.reach for item in found], default=0.0) or 1.0
    return [
        _plot_effect(item, place, reach, f"effect ({effects.unit})")
        for place, item in enumerate(found, start=1)
    ]


def _plot_effect(item: FeatureEffect, place: int, reach: float, label: str) -> Plot:
    rows = 0 if item.points else len(item.values)
    height_in = max(PANEL_HEIGHT_IN, 0.36 * rows + 1)
    figure, axes = new_figure(shorten(item.feature, 28), PANEL_WIDTH_IN, height_in)
    if item.points:
        _draw_range(axes, item)
        axes.set_ylim(-reach * 1.08, reach * 1.08)
        axes.set_ylabel(label, fontsize=8)
    else:
        _draw_values(axes, item)
        axes.set_xlim(-reach * 1.08, reach * 1.08)
        axes.set_xlabel(label, fontsize=8)
    axes.tick_params(labelsize=8)
    if item.reach < NEGLIGIBLE * reach:
        _note(axes, 0.02, "next to no effect", "bottom")
    return Plot(
        name=f"effect-{place:02}-{_to_slug(item.feature)}",
        title=item.feature,
        caption=f"What each value of {item.feature} does to the score.",
        basis="",
        figure=figure,
    )


def _draw_range(axes: Axes, item: FeatureEffect) -> None:
    middles = [point.at or 0.0 for point in item.points]
    lows, highs = [point.low for point in item.points], [point.high for point in item.points]
    axes.axhline(0, color=GREY, linewidth=1)
    axes.fill_between(middles, lows, highs, color=SKY, alpha=0.45, linewidth=0)
    means = [point.mean for point in item.points]
    axes.plot(middles, means, "o-", color=BLUE, markersize=3.5, linewidth=1.6)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    for blank in item.values[len(item.points) :]:
        _note(axes, 0.97, f"{blank.label} ({blank.customers:,}): {blank.mean:+.2f}", "top")


def _draw_values(axes: Axes, item: FeatureEffect) -> None:
    axes.axvline(0, color=GREY, linewidth=1)
    for place, value in enumerate(item.values):
        axes.barh(place, value.mean, height=0.3, color=LEAVERS if value.mean > 0 else STAYERS)
        axes.plot([value.low, value.high], [place, place], color=INK, linewidth=1)
    labels = [f"{shorten(value.label, 26)} ({value.customers:,})" for value in item.values]
    if item.left_out:
        labels[-1] += f"; {item.left_out} more not shown"
    label_rows(axes, labels)


def _note(axes: Axes, height: float, text: str, edge: Literal["top", "bottom"]) -> None:
    axes.text(0.99, height, text, transform=axes.transAxes, ha="right", va=edge, fontsize=8)


def _to_slug(name: str) -> str:
    return _NO_WORD.sub("-", name.casefold()).strip("-")[:40]


def _explain_importance(evidence: Evidence, effects: Effects) -> h.Element:
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
    return h.div[(h.p[text] for text in texts)]


def _explain_panels(left_out: int, effects: Effects) -> str:
    text = (
        "What the values of each feature do to the score: right or up raises it. Bars and dots are "
        "means; lines and bands hold the middle 80% of the customers with that value; in brackets "
        f"how many they are. All pictures have the same scale. Computed on {effects.basis}."
    )
    return text + (
        f" The {left_out} features that move scores least are not shown." * (left_out > 0)
    )
