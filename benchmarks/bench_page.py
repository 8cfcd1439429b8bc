"""How long does the page take for a large file, does it answer meanwhile, and what does it hold?

Chromium opens the page as a file, on this machine; made-up customers are dropped on it. `ranked` is
from the drop until the list with its reasons is there, `reasons` until a file with all customers
and three reasons each is written; `cpu` is the tab's processor time until then, from its start:
a busy machine draws it out less than the clock. `late_ms` is the longest that the page was busy.
"""

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.command import SEED, make_parser
from benchmarks.figures import summarize
from benchmarks.machine import describe_run
from benchmarks.models import model_file, write_models
from model.page.document import build_document
from model.samples.synthetic_csv import write_csv

ROUNDS = 3
SIZES = tuple(map(int, os.environ.get("BENCH_PAGE_ROWS", "100000 1000000").split()))
REASONS_UP_TO = 100_000  # customers; a file of more is a matter of minutes
MODEL = "100 trees"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WORDS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
BYTES_PER_MB = 1_000_000
MS_PER_S = 1_000
PATIENCE_MS = 600_000
# Asks for an answer as often as the browser lets it, and remembers when none came for longest.
WATCH = """() => {
    const channel = new MessageChannel();
    let last = performance.now();
    window.slowest = 0;
    channel.port1.onmessage = () => {
        const now = performance.now();
        window.slowest = Math.max(window.slowest, now - last);
        last = now;
        setTimeout(() => channel.port2.postMessage(null), 5);
    };
    channel.port2.postMessage(null);
}"""
# From now on: a promise of the milliseconds until the list with reasons has been painted.
START = """() => {
    const started = performance.now();
    const body = document.querySelector("tbody");
    window.ranked = new Promise((done) => {
        new MutationObserver((_, watching) => {
            if (!body.querySelector(".reasons li")) return;
            watching.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
        }).observe(body, { childList: true, subtree: true });
    });
}"""


def main() -> None:
    """Run this benchmark alone: it needs a browser, and nothing else that the others need."""
    args = make_parser(__doc__).parse_args()
    run = describe_run()
    name = next(filter(None, map(shutil.which, BROWSERS)), None)
    if name is None:
        raise SystemExit(f"no browser ({', '.join(BROWSERS)}) is installed")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = _write_page(args.csv, Path(folder))
        browser = playwright.chromium.launch(executable_path=name, args=[*WORDS])
        run["browser"] = f"Chromium {browser.version}"
        rows = [_measure(browser, page, size, args.rounds or ROUNDS) for size in SIZES]
        browser.close()
    if args.json:
        print(json.dumps({"run": run, "rows": rows}, indent=2))
        return
    print(", ".join(run.values()))
    for row in rows:
        print(row)


def _write_page(table: Path | None, folder: Path) -> Path:
    write_models(table, folder)
    path = folder / "churn_page.html"
    text = (folder / model_file(MODEL, "json")).read_text(encoding="utf-8")
    path.write_text(build_document(text), encoding="utf-8")
    return path


def _measure(browser: Browser, page: Path, size: int, rounds: int) -> dict[str, Any]:
    table = page.with_name(f"{size}.csv")
    for _ in write_csv(table, size, SEED):
        pass
    taken = [_drop(browser, page, table, size) for _ in range(rounds)]
    row: dict[str, Any] = {
        "customers": size,
        "megabytes": round(table.stat().st_size / BYTES_PER_MB),
    }
    table.unlink()
    for name in taken[0]:
        row[name] = summarize(one[name] for one in taken) if rounds > 1 else taken[0][name]
    return row


def _drop(browser: Browser, address: Path, table: Path, size: int) -> dict[str, float]:
    """Return the seconds, the longest wait, and the most that the tab had in memory."""
    before = _list_renderers(browser)
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address.as_uri())
    page.wait_for_selector(".drop")
    page.evaluate(WATCH)
    page.evaluate(START)
    page.set_input_files("#file", table)
    renderers = _list_renderers(browser) - before  # the tab's, and a spare one
    found = {
        "ranked_s": page.evaluate("window.ranked") / MS_PER_S,
        "ranked_cpu_s": sum(map(_measure_cpu, renderers)),
        "late_ms": page.evaluate("window.slowest"),
    }
    if size <= REASONS_UP_TO:
        found["reasons_s"] = found["ranked_s"] + _write_all(page)
        found["reasons_cpu_s"] = sum(map(_measure_cpu, renderers))
    found["peak_mb"] = max(map(_measure_peak, renderers))
    context.close()
    return found


def _write_all(page: Page) -> float:
    """Return the seconds until a file with everybody is there, reasons and all."""
    started = page.evaluate("performance.now()")
    with page.expect_download():
        page.click("text=Save all that are shown")
    return float(page.evaluate("performance.now()") - started) / MS_PER_S


def _list_renderers(browser: Browser) -> set[int]:
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {process["id"] for process in processes if process["type"] == "renderer"}


def _measure_cpu(pid: int) -> float:
    """Return the seconds that a process has had a processor, in its own code and the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _measure_peak(pid: int) -> float:
    """Return the most megabytes that a process ever had in memory: page, worker and all."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / BYTES_PER_MB


if __name__ == "__main__":
    main()
