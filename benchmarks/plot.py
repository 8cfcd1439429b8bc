"""A run's results as one picture: what to wait for cold, and what a record takes warm."""

from pathlib import Path
from typing import Any

from benchmarks.contenders import EMPTY, FIRST, ONNX, OURS, SKLEARN
from benchmarks.emulator import HTTP

# Okabe and Ito's palette, which colour-blind people tell apart (Color Universal Design, 2008).
COLOURS = {
    EMPTY: "#999999",
    FIRST: "#E69F00",
    ONNX: "#56B4E9",
    SKLEARN: "#CC79A7",
    OURS: "#0072B2",
}
INK = "#222222"
PALE_INK = "#666666"
ROOM = 2.6  # beside the longest bar, as a factor of it: for its figure


def write_plot(results: dict[str, Any], path: Path) -> None:
    """Write bars on logarithmic axes; the same results give the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = {"svg.hashsalt": path.name, "font.size": 9, "text.color": INK, "ytick.color": INK}
    with mpl.rc_context(style):
        panels = {title: bars for title, bars in _list_panels(results).items() if bars}
        heights = [len(bars) for bars in panels.values()]
        figure = Figure(figsize=(8, 0.8 + 0.27 * sum(heights) + 0.35 * len(heights)), facecolor="w")
        axes = figure.subplots(len(panels), gridspec_kw={"height_ratios": heights}, squeeze=False)
        for panel, (title, bars) in zip(axes[:, 0], panels.items(), strict=True):
            _draw(panel, title, bars)
        run = results["run"]
        origin = f"make bench, {run['date']}, {run['machine']}"
        figure.text(0.99, 0.004, origin, ha="right", size=7, color=PALE_INK)
        figure.tight_layout(rect=(0, 0.02, 1, 1))
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=144)


def _list_panels(results: dict[str, Any]) -> dict[str, list[tuple[str, str, float]]]:
    """Return per panel its bars: contender, label, median."""
    cold = [
        (row["name"], _label(row), row["first_ms"]["median"])
        for row in results["cold_start"]
        if row["s3"] in (None, HTTP) and row["name"] in COLOURS
    ]
    panels = {"First answer of a fresh process, ms": cold}
    for records, title in ((1, "One record, µs"), (1_000, "Each of 1,000 records, µs")):
        panels[title] = [
            (row["name"], _label(row), row["us_per_record"]["median"])
            for row in results["scoring"]
            if row["records"] == records and row["name"] in COLOURS and row["model"] != "winner"
        ]
    return panels


def _label(row: dict[str, Any]) -> str:
    return f"{row['name']}, {row['model']}" if row["model"] else row["name"]


def _draw(panel: Any, title: str, bars: list[tuple[str, str, float]]) -> None:
    names, labels, values = zip(*bars, strict=True)
    places = range(len(bars))
    panel.barh(places, values, color=[COLOURS[name] for name in names], height=0.75)
    panel.set_yticks(places, labels)
    panel.invert_yaxis()
    panel.set_xscale("log")
    panel.set_xlim(min(values) / 1.6, max(values) * ROOM)
    for place, value in zip(places, values, strict=True):
        text = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004  two digits
        panel.annotate(text, (value, place), (4, 0), textcoords="offset points", va="center")
    panel.set_title(title, loc="left", size=10, weight="bold")
    panel.xaxis.set_visible(False)  # each bar has its figure
    panel.spines[:].set_visible(False)
    panel.tick_params(axis="y", length=0)
