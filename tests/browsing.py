"""Pages in a real browser, watched for whatever they aren't allowed to do."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WORDS = (
    "--no-sandbox",  # which root, as whom CI runs, can't have
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    # this machine, where servers are, and no other
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
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
