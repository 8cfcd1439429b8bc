"""The page in a real browser: opened as a file, watched for whatever it isn't allowed to do."""

import json
from pathlib import Path

import pytest
from browsing import browser, new_page  # noqa: F401  fixtures
from sklearn.base import clone

from model.evaluation.folds import split_rows
from model.export.model_file import build_artifact, serialize
from model.fitting.candidates import build_candidates
from model.local.api_server import serve_api
from model.local.environment import (
    import_handler,
    make_environment,
    put_model,
    serve_s3,
    use_environment,
)
from model.monitoring.reference import build_reference
from model.page.document import build_document
from model.table.columns import INFER_ALL
from model.table.dataset import load_dataset

SCREENSHOTS = Path(__file__).parents[3] / "build" / "screenshots"
COMPETITORS = ("HistGradientBoostingClassifier", "LogisticRegression", "GradientBoostingClassifier")


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
def open_page(new_page, tmp_path):  # noqa: F811  the fixture
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
def store(tmp_path, monkeypatch):
    """An S3 without a model, and the environment that leads to it."""
    monkeypatch.chdir(tmp_path)
    with serve_s3() as s3_url, use_environment(make_environment(s3_url)):
        yield s3_url


@pytest.fixture
def publish(store, tmp_path):
    """Return the function that makes a model file's text the live model."""

    def put(text):
        path = tmp_path / "model.json"
        path.write_text(text, encoding="utf-8")
        put_model(store, path)

    return put


@pytest.fixture
def server(store):  # noqa: ARG001  the handler finds it by itself
    with serve_api(import_handler()) as url:
        yield url


@pytest.fixture
def open_served(new_page, server, publish):  # noqa: F811  the fixture
    """Return the function from a model file's text to its page as the API serves it."""

    def open_address(text, **options):
        publish(text)
        page = new_page(**options)
        page.goto(f"{server}/")
        page.wait_for_selector(".drop")
        return page

    return open_address


@pytest.fixture(params=["open_page", "open_served"], ids=["file", "served"])
def open_either(request):
    """Return the function from a model file's text to its page, as a file and from the API."""
    return request.getfixturevalue(request.param)


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
