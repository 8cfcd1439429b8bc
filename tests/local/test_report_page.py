"""The report in a browser: wide as a desk's screen and narrow as a phone's, nothing sticks out.

The pictures stay in build/screenshots/, to be looked at.
"""

import re
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from matplotlib.image import imread

from model.competition.leaderboard_output import to_rows
from model.fitting.candidates import build_candidates
from model.reading.csv_table import parse_table
from model.report.build import build_report
from model.table.columns import INFER_ALL, ColumnOptions
from model.table.dataset import build_dataset, load_dataset
from model.training.choices import Choices
from model.training.train import train

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
WIDTHS = (1280, 390)
TIMEOUT_S = 120
# A browser's window is 500 pixels wide at least; a frame in it is as narrow as one likes.
PROBE = """<!DOCTYPE html><iframe width="{width}" height="1000" srcdoc="{html}"></iframe><script>
  onload = () => {{
    const inside = document.querySelector("iframe").contentDocument;
    const page = inside.documentElement, boxes = [...inside.querySelectorAll("main *")];
    const wide = boxes.filter(box => !box.closest(".scroll table"))
      .filter(box => box.getBoundingClientRect().right > page.clientWidth + 0.5);
    const broken = [...inside.images].filter(image => !image.naturalWidth);
    document.body.dataset.found = [page.clientWidth, page.scrollWidth, page.scrollHeight,
      wide.length, broken.length].join(" ");
  }};
</script><style>iframe {{ border: 0; }}</style>"""
LONG = "a_name_without_a_single_space_" * 8


@pytest.fixture(scope="module")
def browser():
    """Return the function that runs a headless browser on a page; it reaches no network."""
    name = next(filter(None, map(shutil.which, BROWSERS)), None)
    if name is None:
        pytest.skip(f"no browser ({', '.join(BROWSERS)}) is installed")

    def run(page, width, height, *words):
        command = [
            name,
            "--headless",
            "--no-sandbox",  # which root, as whom CI runs, can't have
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--no-first-run",
            "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={page.parent / 'profile'}",
            f"--window-size={width},{height}",
            *words,
            page.as_uri(),
        ]
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


@pytest.fixture(scope="module")
def customers_page(any_csv, tmp_path_factory):
    """The report on a table of the usual size."""
    dataset = load_dataset(any_csv, options=INFER_ALL)
    return draw(dataset, tmp_path_factory.mktemp("customers"))


@pytest.fixture(scope="module")
def long_page(tmp_path_factory):
    """The report on a table whose names and categories are long."""
    lines = [f"id,{LONG},plan,{LONG}churn"]
    lines += [
        f"c{row},{row % 37},{LONG}{row % 3},{'No' if row % 4 else 'Yes'}" for row in range(200)
    ]
    table = parse_table(f"{LONG}.csv", "\n".join(lines).encode())
    options = ColumnOptions(target=f"{LONG}churn")
    return draw(build_dataset(table, options), tmp_path_factory.mktemp("long"))


@pytest.mark.parametrize("width", WIDTHS)
def test_report_fits_the_screen(browser, customers_page, width):
    height = measure(browser, customers_page, width)
    picture = take_picture(browser, customers_page, width, height)

    assert picture.shape == (height, width, 3)
    ground = picture[-1, 0]
    assert (picture[-20:] == ground).all()  # the whole page, down to its empty end
    assert (picture[:, -5:] == ground).all()  # and across to its empty edge
    assert picture[: height // 2].std() > 0.05  # with something on it


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_fit_too(browser, long_page, width):
    measure(browser, long_page, width)


def draw(dataset, folder):
    name = "HistGradientBoostingClassifier"
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    training = train(dataset, {name: candidates[name]}, Choices())
    rows = to_rows(training.leaderboard, is_synthetic=dataset.is_synthetic)
    page = folder / "report.html"
    page.write_bytes(build_report(training.body, dataset, rows).html)
    return page


def measure(browser, page, width):
    """Return the page's height, once nothing on it is wider than the screen or doesn't show."""
    probe = page.with_name("probe.html")
    html = escape(page.read_text(encoding="utf-8"))
    probe.write_text(PROBE.format(width=width, html=html), encoding="utf-8")
    figures = re.search(r'data-found="([^"]*)"', browser(probe, width, 1000, "--dump-dom"))
    client, scroll, height, wide, broken = map(int, figures[1].split())
    assert (client, scroll, wide, broken) == (width, width, 0, 0)
    return height


def take_picture(browser, page, width, height):
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"report-{width}.png"
    path.unlink(missing_ok=True)
    browser(page, width, height, f"--screenshot={path}")
    return imread(path)[:, :, :3]
