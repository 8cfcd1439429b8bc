"""Windows as one HTML file with its style and pictures inside, which loads and runs nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import htpy as h
from markupsafe import Markup

from inference.monitoring.verdict import SCORE
from model.monitoring.pictures import draw_field, name_bins, name_score_bins
from model.report.markup import table
from model.report.page import POLICY

TITLE = "Are customers still as in training?"
_STYLE = Path(__file__).parents[1] / "report/style.css"
COLUMNS = ("Day", "Model", "Customers#", "Unlike training", "Alarm", "Churn#", "AUC#")

Document = dict[str, Any]


def build_page(windows: Sequence[Document], models: dict[str, Document]) -> str:
    """Return the document: a table of all windows, then each version's fields over time.

    Args:
        windows: by day.
        models: version -> its file.
    """
    head = h.head[
        h.meta(charset="utf-8"),
        h.meta(http_equiv="Content-Security-Policy", content=POLICY),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.title[TITLE],
        h.style[Markup(_STYLE.read_text(encoding="utf-8"))],  # noqa: S704  our own file  # nosec B704
    ]
    span = f"{windows[0]['day']} to {windows[-1]['day']}" if windows else "no days"
    rows = [row for window in windows for row in list_rows(window)]
    main = h.main[
        h.header[h.h1[TITLE], h.p(".lead")[span]],
        h.section[h.h2["Days"], table("Windows", COLUMNS, rows)],
        (_draw_version(version, windows, model) for version, model in sorted(models.items())),
    ]
    return f"{h.html(lang='en')[head, h.body[main]]}\n"


def list_rows(window: Document) -> Iterator[tuple[str, ...]]:
    """Yield a window's row for each version, or one that says it was idle."""
    if not window["versions"]:
        yield (window["day"], "", "0", "", "", "", "")
    for version, verdict in sorted(window["versions"].items()):
        told = (window["day"], version, f"{verdict['customers']:,}")
        if verdict["is_judged"]:
            names = (", ".join(verdict[kind]) for kind in ("drifted", "alarm"))
            figures = (_format(verdict["estimates"][name]) for name in ("churn_rate", "auc"))
            yield (*told, *names, *figures)
        else:
            yield (*told, "not judged", "", "", "")


def _format(figure: Document) -> str:
    if figure["value"] is None:
        return ""
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def _draw_version(version: str, windows: Sequence[Document], model: Document) -> h.Element:
    judged = [
        (window["day"], window["versions"][version]["fields"])
        for window in windows
        if "fields" in window["versions"].get(version, {})
    ]
    reference, features = model["reference"], model["schema"]["features"]
    known = [
        (spec["name"], name_bins(spec, field), field["counts"])
        for spec, field in zip(features, reference["features"], strict=True)
    ]
    scores = reference["scores"]
    known.append((SCORE, name_score_bins(scores), scores["counts"]))
    pictures = [
        h.div[
            h.h3[name],
            draw_field(
                name, bins, counts, [(day, fields[place]["counts"]) for day, fields in judged]
            ),
            h.p[h.small[_describe(judged[-1][1][place])]],
        ]
        for place, (name, bins, counts) in enumerate(known)
    ]
    title = ("Model ", h.code[version])
    note = "The first column is training; point at a band for its bin. Blanks are orange."
    return h.section[h.h2[title], h.p[note], h.div(class_="gallery")[pictures]]


def _describe(field: Document) -> str:
    index = f"PSI {field['psi']:.3f} (chance: up to {field['psi_critical']:.3f})"
    return f"Last day: {field['moved']:.1%} in other bins, {index}, q {field['q']:.2g}"
