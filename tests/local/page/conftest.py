"""The page in a real browser: opened as a file, watched for whatever it isn't allowed to do."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sklearn.base import clone

from model.evaluation.folds import split_rows
from model.export.model_file import build_artifact, serialize
from model.fitting.candidates import build_candidates
from model.monitoring.reference import build_reference
from model.page.document import build_document
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WORDS = (
    "--no-sandbox",  # which root, as whom CI runs, can't have
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # where the server is
)
SCREENSHOTS = Path(__file__).parents[3] / "build" / "screenshots"
COMPETITORS = ("HistGradientBoostingClassifier", "LogisticRegression", "GradientBoostingClassifier")
WATCH = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(event.blockedURI));
"""


@pytest.fixture(scope="package")
def browser():
    name = next(filter(None, map(shutil.which, BROWSERS)), None)
    if name is None:
        pytest.skip(f"no browser ({', '.join(BROWSERS)}) is installed")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=name, args=[*WORDS])
        yield found
        found.close()


@pytest.fixture(scope="package")
def dataset(any_csv):
    return load_dataset(any_csv, options=INFER_ALL)


@pytest.fixture(scope="package")
def fitted(dataset):
    """Each competitor's pipeline, and its model file as text."""
    train, _ = split_rows(dataset.target)
    candidates = build_candidates(dataset.numeric, dataset.categorical)
    found = {}
    for name in COMPETITORS:
        pipeline = clone(candidates[name]).fit(dataset.frame.iloc[train], dataset.target[train])
        payload = build_artifact(pipeline, dataset, train)
        probabilities = pipeline.predict_proba(dataset.frame)[:, 1]
        described = (payload["schema"]["features"], dataset.frame, probabilities, dataset.target)
        payload["reference"] = build_reference(*described, threshold=0.5)
        body = serialize(payload, {"served": name})
        found[name] = (pipeline, body.decode())
    return found


@pytest.fixture(scope="package")
def model_text(fitted):
    return fitted[COMPETITORS[0]][1]


@pytest.fixture
def new_page(browser):
    """Return the function that makes an empty page; what a page mustn't do fails the test.

    It keeps in `asked` which addresses were asked for.
    """
    pages = []

    def make(**options):
        page = browser.new_context(
            **{"accept_downloads": True, "locale": "en-GB"} | options
        ).new_page()
        page.asked, page.faults = [], []
        page.on("request", lambda request: note(page, request.url))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("dialog", lambda dialog: page.faults.append(dialog.message))
        page.add_init_script(WATCH)
        pages.append(page)
        return page

    yield make
    for page in pages:
        assert (page.faults, page.evaluate("violations")) == ([], [])
        page.context.close()


def note(page, url):
    if not url.startswith(("blob:", "data:")):
        page.asked.append(url)


@pytest.fixture
def open_page(new_page, tmp_path):
    """Return the function from a model file's text to its page, which may ask for nothing else."""
    path = tmp_path / "churn_page.html"
    pages = []

    def open_file(text, **options):
        path.write_text(build_document(text), encoding="utf-8")
        page = new_page(**options)
        page.goto(path.as_uri())
        page.wait_for_selector(".drop")
        pages.append(page)
        return page

    yield open_file
    assert [page.asked for page in pages] == [[path.as_uri()] for _ in pages]


@pytest.fixture
def page(open_page, model_text):
    return open_page(model_text)


@pytest.fixture
def drop():
    """Return the function that gives a page a file, and waits for what it says of it."""

    def give(page, content, name="customers.csv"):
        page.evaluate("document.querySelector('.status').textContent = ''")
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        page.set_input_files("#file", file if isinstance(content, bytes) else content)
        page.wait_for_selector(".status:not(:empty)")
        return page.inner_text(".status")

    return give


@pytest.fixture
def loaded(page, drop, any_csv):
    drop(page, any_csv)
    page.wait_for_selector("tbody tr")
    return page


@pytest.fixture
def ranked(dataset, fitted):
    """The table's probabilities by scikit-learn, the highest first."""
    pipeline, _ = fitted["HistGradientBoostingClassifier"]
    return sorted(pipeline.predict_proba(dataset.frame)[:, 1], reverse=True)


@pytest.fixture
def take_picture():
    """Return the function that keeps a picture of a page, to be looked at."""

    def take(page, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"page-{name}.png", full_page=True)

    return take


@pytest.fixture(scope="package")
def header_of():
    """Return the function from a model file's text to its columns, and a row that it can score."""

    def describe(text):
        features = json.loads(text)["schema"]["features"]
        names = [spec["name"] for spec in features]
        return names, [
            str(spec["min"]) if spec["kind"] == "number" else spec["categories"][0]
            for spec in features
        ]

    return describe
