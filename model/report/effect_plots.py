"""Pictures of effects: which features matter, and what each of their values does."""

import re
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from model.metrics import Floats
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
from model.report.effects import Effects, Importance, rank_features
from model.report.evidence import Evidence
from model.report.groups import BLANK, MAX_VALUES, split_groups

MAX_FEATURES = 24  # with a picture of their own
MAX_IMPORTANCES = 30  # bars
MAX_CATEGORIES = 9  # of one feature: the largest
PANEL_WIDTH_IN, PANEL_HEIGHT_IN = 3.5, 2.7
NEGLIGIBLE = 0.01  # of the largest effect: no more than a line in the picture
_POINTS = 12  # along a number's range, each with the same number of customers
_SPREAD = (0.1, 0.9)  # of the customers at a value
_NO_WORD = re.compile(r"[^a-z0-9]+")


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
    ranked = rank_features(evidence, effects)[:MAX_FEATURES]
    shown = effects.values[:, [item.column for item in ranked]]
    reach = float(np.abs(shown).max()) if shown.size else 1.0
    return [
        _plot_effect(evidence, effects, item, place, max(reach, 1e-6))
        for place, item in enumerate(ranked, start=1)
    ]


def _plot_effect(
    evidence: Evidence, effects: Effects, item: Importance, place: int, reach: float
) -> Plot:
    figure, axes = new_figure(shorten(item.feature, 34), PANEL_WIDTH_IN, PANEL_HEIGHT_IN)
    values = evidence.frame[item.feature].iloc[effects.rows].reset_index(drop=True)
    own = effects.values[:, item.column]
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > MAX_VALUES:
        _draw_number(axes, values, own)
        axes.set_ylim(-reach * 1.08, reach * 1.08)
        axes.set_ylabel(f"effect ({effects.unit})", fontsize=8)
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    else:
        _draw_values(axes, values, own)
        axes.set_xlim(-reach * 1.08, reach * 1.08)
        axes.set_xlabel(f"effect ({effects.unit})", fontsize=8)
    axes.tick_params(labelsize=8)
    if np.abs(own).max() < NEGLIGIBLE * reach:
        _note(axes, 0.02, "next to no effect", "bottom")
    return Plot(
        name=f"effect-{place:02}-{_to_slug(item.feature)}",
        title=item.feature,
        caption=f"What each value of {item.feature} does to the score.",
        basis="",
        figure=figure,
    )


def _draw_number(axes: Axes, values: "pd.Series[Any]", effects: Floats) -> None:
    is_known = values.notna().to_numpy()
    known = values.to_numpy(dtype=np.float64)[is_known]
    order = np.argsort(known, kind="stable")
    parts = np.array_split(order, min(_POINTS, len(order)))
    middles = [float(np.median(known[part])) for part in parts]
    own = effects[is_known]
    lows, highs = (np.array([np.quantile(own[part], share) for part in parts]) for share in _SPREAD)
    means = [float(own[part].mean()) for part in parts]
    axes.axhline(0, color=GREY, linewidth=1)
    axes.fill_between(middles, lows, highs, color=SKY, alpha=0.45, linewidth=0)
    axes.plot(middles, means, "o-", color=BLUE, markersize=3.5, linewidth=1.6)
    if not is_known.all():
        blank = effects[~is_known]
        text = f"{BLANK} ({len(blank):,}): {blank.mean():+.2f}"
        _note(axes, 0.97, text, "top")


def _draw_values(axes: Axes, values: "pd.Series[Any]", effects: Floats) -> None:
    groups = split_groups(values)
    shown = sorted(groups, key=lambda group: -group.size)[:MAX_CATEGORIES]
    shown = [group for group in groups if group in shown]
    axes.axvline(0, color=GREY, linewidth=1)
    for place, group in enumerate(shown):
        own = effects[group.mask]
        low, high = (np.quantile(own, share) for share in _SPREAD)
        mean = float(own.mean())
        color = LEAVERS if mean > 0 else STAYERS
        axes.barh(place, mean, height=0.3, color=color)
        axes.plot([low, high], [place, place], color=INK, linewidth=1)
    labels = [f"{shorten(group.label, 26)} ({group.size:,})" for group in shown]
    if len(groups) > len(shown):
        labels[-1] += f"; {len(groups) - len(shown)} more not shown"
    label_rows(axes, labels)


def _note(axes: Axes, height: float, text: str, edge: Literal["top", "bottom"]) -> None:
    axes.text(0.99, height, text, transform=axes.transAxes, ha="right", va=edge, fontsize=8)


def _to_slug(name: str) -> str:
    return _NO_WORD.sub("-", name.casefold()).strip("-")[:40]
