"""Take the README's picture of the page: 10,000 made-up customers, ranked, with 500 calls.

make demo && .venv/bin/python .ci/picture.py build/churn_page.html docs/page.png
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from model.samples.synthetic_csv import SEED, write_csv

CUSTOMERS = 10_000
CALLS = 500
VIEW = {"width": 1120, "height": 900}
COLOURS = 96  # of the palette: what keeps the file small
MAX_BYTES = 150_000


def main() -> None:
    """Open the page named first, and write the picture named second."""
    page, picture = map(Path, sys.argv[1:])
    with TemporaryDirectory() as folder:
        table = Path(folder) / "customers.csv"
        for _ in write_csv(table, CUSTOMERS, SEED):
            pass
        shot = take(page, table)
    image = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS)
    image.save(picture, optimize=True)
    if picture.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{picture}: more than {MAX_BYTES:,} bytes; take fewer colours")


def take(page: Path, table: Path) -> bytes:
    """Return a PNG of the page with a table's customers."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],  # root has no sandbox
        )
        opened = browser.new_page(viewport=VIEW, locale="en-US", reduced_motion="reduce")
        opened.goto(page.resolve().as_uri())
        opened.set_input_files("#file", table)
        opened.wait_for_selector("tbody tr")
        opened.get_by_label("We can call: number").fill(str(CALLS))
        opened.wait_for_selector("tbody .called")
        opened.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        shot = opened.screenshot()
        browser.close()
    return shot


if __name__ == "__main__":
    main()
