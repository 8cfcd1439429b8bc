"""A run's results as one picture: what to wait for cold, and what a record takes warm."""

from pathlib import Path
from typing import Any

from benchmarks.contenders import EMPTY, FIRST, ONNX, OURS, SKLEARN
from benchmarks.emulator import HTTP

# Okabe and Ito's palette, which colour-blind people tell apart (Color Universal Design, 2008);
# shapes say the same to whoever sees no colour.
STYLES = {
    OURS: ("#0072B2", "o"),
    FIRST: ("#E69F00", "s"),
    ONNX: ("#009E73", "D"),
    SKLEARN: ("#CC79A7", "^"),
    EMPTY: ("#666666", "|"),
}
INK, PALE_INK, RULE = "#222222", "#666666", "#DDDDDD"
MODELS = {"linear": "linear", "100 trees": "100 trees", "winner": "leaderboard's winner"}
WARM = {
    "One record, microseconds: linear": (1, "linear"),
    "One record, microseconds: 100 trees": (1, "100 trees"),
    "Each of 1,000 records, microseconds: linear": (1_000, "linear"),
    "Each of 1,000 records, microseconds: 100 trees": (1_000, "100 trees"),
}
ROOM = 2.6  # beside the outermost points, as a factor: for their figures

Point = tuple[str, str, float]  # contender, label, median


def write_plot(results: dict[str, Any], path: Path) -> None:
    """Write points on logarithmic axes; the same results give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = {"svg.hashsalt": path.name, "font.size": 9, "text.color": INK, "ytick.color": INK}
    with mpl.rc_context(style):
        panels = {title: points for title, points in list_panels(results).items() if points}
        heights = [len(points) for points in panels.values()]
        figure = Figure(figsize=(8, 0.6 + 0.24 * sum(heights) + 0.55 * len(heights)), facecolor="w")
        axes = figure.subplots(len(panels), gridspec_kw={"height_ratios": heights}, squeeze=False)
        for panel, (title, points) in zip(axes[:, 0], panels.items(), strict=True):
            _draw(panel, title, points)
        warm = axes[-len(WARM) :, 0]
        limits = [limit for panel in warm for limit in panel.get_xlim()]
        for panel in warm:
            panel.set_xlim(min(limits), max(limits))
        run = results["run"]
        origin = f"logarithmic scales; make bench, {run['date']}, {run['machine']}"
        figure.text(0.99, 0.004, origin, ha="right", size=7, color=PALE_INK)
        figure.tight_layout(rect=(0, 0.02, 1, 1))
        figure.savefig(path, metadata={"Date": None})


def list_panels(results: dict[str, Any]) -> dict[str, list[Point]]:
    """Return each panel's points by its title, fastest first."""
    cold = [
        (row["name"], _label(row), row["first_ms"]["median"])
        for row in results["cold_start"]
        if row["s3"] in (None, HTTP) and row["name"] in STYLES
    ]
    panels = {"First answer of a fresh process, milliseconds": cold}
    for title, call in WARM.items():
        panels[title] = [
            (row["name"], row["name"], row["us_per_record"]["median"])
            for row in results["scoring"]
            if (row["records"], row["model"]) == call and row["name"] in STYLES
        ]
    return {title: sorted(points, key=lambda point: point[2]) for title, points in panels.items()}


def _label(row: dict[str, Any]) -> str:
    return f"{row['name']}, {MODELS[row['model']]}" if row["model"] else row["name"]


def _draw(panel: Any, title: str, points: list[Point]) -> None:
    values = [value for _, _, value in points]
    for place, (name, _, value) in enumerate(points):
        colour, marker = STYLES[name]
        panel.plot(value, place, marker, color=colour, markersize=8, markeredgewidth=2)
        text = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004  two digits
        weight = "bold" if name == OURS else "normal"
        panel.annotate(
            text, (value, place), (9, 0), textcoords="offset points", va="center", weight=weight
        )
    panel.set_yticks(range(len(points)), [label for _, label, _ in points])
    panel.set_ylim(len(points) - 0.4, -0.6)
    panel.set_xscale("log")
    panel.set_xlim(min(values) / 1.3, max(values) * ROOM)
    panel.set_title(title, loc="left", size=10, weight="bold")
    panel.grid(axis="x", which="major", color=RULE)
    panel.grid(axis="y", color=RULE, linestyle=":")
    panel.set_axisbelow(True)
    panel.xaxis.set_major_formatter("{x:,g}")
    panel.tick_params(axis="both", which="both", length=0, labelcolor=INK)
    panel.tick_params(axis="x", which="major", labelcolor=PALE_INK, labelsize=7)
    panel.xaxis.set_minor_formatter("")
    panel.spines[:].set_visible(False)
