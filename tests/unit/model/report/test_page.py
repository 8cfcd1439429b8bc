import re
from html.parser import HTMLParser

import numpy as np
import pytest

from inference.scoring.artifact import load_artifact
from model.competition.leaderboard_output import to_rows
from model.fitting.candidates import build_candidates
from model.reading.csv_table import parse_table
from model.report.build import build_report
from model.report.file import read_report_version
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.dataset import build_dataset, synthetic_dataset
from model.training.choices import Choices
from model.training.train import train

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=//example.invalid/x onerror=alert(1)>"


class Reader(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and its texts."""

    def __init__(self):
        super().__init__()
        self.elements = []
        self.texts = []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def training(table):
    return fit(table)


@pytest.fixture(scope="module")
def report(training, table):
    rows = to_rows(training.leaderboard, is_synthetic=False)
    refused = {"artifact_bytes": None, "prediction_us": None, "refusal": "GaussianNB: unknown"}
    return build_report(training.body, table, [*rows, rows[0] | {"name": "GaussianNB"} | refused])


@pytest.fixture(scope="module")
def hostile():
    """The page on a table whose names and categories are HTML, mathematics and other scripts."""
    rng = np.random.default_rng(6)
    lines = [f"id,{SCRIPT},gender</table>,$x^{{2$,地域,Left"]
    for row in range(200):
        fields = [
            f"c{row}",
            rng.integers(0, 50),
            rng.choice([IMAGE, '"" onload=""alert(1)']),
            rng.choice(["$100", "_b", "x" * 300]),
            rng.choice(["北海道", "東京"]),
            rng.choice(["</td>&amp;", "<b>no"]),
        ]
        lines.append(",".join(f'"{field}"' for field in fields))
    options = ColumnOptions(target="Left", positive="<b>no")
    dataset = build_dataset(parse_table("<i>.csv", "\n".join(lines).encode()), options)
    return read(draw(dataset))


def fit(dataset):
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    name = "LogisticRegression"
    return train(dataset, {name: candidates[name]}, Choices())


def draw(dataset):
    training = fit(dataset)
    rows = to_rows(training.leaderboard, is_synthetic=dataset.is_synthetic)
    return build_report(training.body, dataset, rows)


def read(report):
    reader = Reader()
    reader.feed(report.html.decode())
    return reader


def test_page_loads_nothing_and_runs_nothing(report):
    page = read(report)

    links = [value for _, found in page.elements for key, value in found.items() if key == "href"]
    sources = [value for _, found in page.elements for key, value in found.items() if key == "src"]
    assert all(link.startswith("#") for link in links)
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert {"script", "link", "iframe", "object", "base"}.isdisjoint(dict(page.elements))
    assert not re.search(r"url\(|@import", report.html.decode())


def test_links_of_the_contents_lead_somewhere(report):
    elements = read(report).elements

    links = [found["href"][1:] for tag, found in elements if tag == "a"]
    anchors = [found["id"] for tag, found in elements if tag == "section"]
    assert links == anchors
    assert anchors == [
        "card",
        "leaderboard",
        "ranking",
        "probabilities",
        "decision",
        "drivers",
        "segments",
        "fairness",
        "findings",
        "data",
        "origin",
    ]


def test_every_plot_is_a_file_and_in_the_page_with_words_for_who_cannot_see(report):
    images = [found for tag, found in read(report).elements if tag == "img"]

    assert len(images) == len(report.plots)
    assert all(len(image["alt"]) > 20 for image in images)
    assert all(png.startswith(b"\x89PNG") for png in report.plots.values())
    assert list(report.plots) == [
        "leaderboard",
        "serving-cost",
        "roc",
        "precision-recall",
        "lift",
        "gain",
        "calibration",
        "scores",
        "profit",
        "importance",
        "effect-01-contract",
        "effect-02-tenure",
        "effect-03-paperless",
        "effect-04-charges",
    ]


def test_page_tells_its_models_version(report, training):
    assert read_report_version(report.html) == load_artifact(training.body).version


def test_too_few_customers_for_segments_are_said(report):
    assert (
        "No segment has 50 held-out customers with at least 10 who left and as many who stayed: "
        "there is too little data to tell."
    ) in read(report).texts


def test_names_and_categories_of_a_table_are_text(hostile):
    tags = [tag for tag, _ in hostile.elements]
    text = " ".join(hostile.texts)

    assert {"script", "i", "b"}.isdisjoint(tags)
    assert not [key for _, found in hostile.elements for key in found if key.startswith("on")]
    assert SCRIPT in text
    assert IMAGE in text
    assert "<i>.csv" in text
    assert "Left = “<b>no”" in text
    assert "地域" in text


def test_made_up_customers_are_marked_on_the_page_and_in_every_picture():
    dataset = synthetic_dataset(200, options=INFER_ALL)
    marked = draw(dataset)

    page = read(marked)
    (banner,) = [found for tag, found in page.elements if found.get("role") == "alert"]
    assert banner["class"] == "banner"
    assert any(text.startswith("SYNTHETIC DATA: these customers are") for text in page.texts)
    assert "synthetic customers (SYNTHETIC: made up)" in page.texts


def test_real_customers_are_not_marked(report):
    assert b"SYNTHETIC" not in report.html


def test_figures_of_the_page_are_those_of_the_leaderboard_and_the_table(report, training, table):
    texts = read(report).texts

    for name in ("auc", "average_precision", "brier"):
        assert f"{training.served.metrics[name]:.4f}" in texts
    assert "GaussianNB can't be exported: GaussianNB: unknown" in texts
    left = int(table.target.sum())
    assert f"{left} ({left / 400:.2%})" in texts
    assert table.sha256 in texts
    assert "10 of 1,600" in texts
