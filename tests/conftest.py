"""For all tests: whose customers they are about; and in CI nothing is skipped and hides so.

A test that needs customers, but not IBM's, takes `any_csv` or `every_csv` and chooses by that:
IBM's table where it can be had, made-up customers otherwise. `-m chosen_table` picks such tests.
"""

import os
import signal
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path

import pytest

IS_CI = os.environ.get("CI") == "true"
CUSTOMERS = 7_043  # as many made-up ones as IBM's table has
TELCO, SYNTHETIC, BANK = "telco", "synthetic", "bank"
REHEARSED = (
    "tests/local/bulk/test_ministack",
    "tests/local/bulk/test_roles",
    "tests/local/rehearsal/",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give workers a file at a time, and one of them all files that ask MiniStack's stack."""
    # here, because who runs tests one after the other needs no xdist
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "rehearsed" if nodeid.startswith(REHEARSED) else super()._split_scope(nodeid)

    return Scheduling(config, log)


def pytest_configure() -> None:
    """Take Ctrl-C, which a shell's background job ignores, and so would all that tests start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if IS_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI doesn't allow: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if IS_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI doesn't allow: {report.longrepr[2]}"
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on the tables that it asks for, as far as they can be had."""
    runs = {
        "any_csv": lambda names: names[:1],
        "every_csv": lambda names: names,
        "small_table": lambda names: [*names, BANK],  # which tests/parity makes
    }
    for fixture in runs.keys() & metafunc.fixturenames:
        names = [SYNTHETIC] if isinstance(find_telco(), str) else [TELCO, SYNTHETIC]
        marked = [
            pytest.param(name, marks=pytest.mark.chosen_table) for name in runs[fixture](names)
        ]
        metafunc.parametrize(fixture, marked, indirect=True, scope="session")


@pytest.fixture(scope="session")
def telco_csv() -> Path:
    """IBM's table, for what is true of that one only."""
    found = find_telco()
    return pytest.skip(found) if isinstance(found, str) else found


@pytest.fixture(scope="session")
def synthetic_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up customers, in a file like any company's."""
    from model.samples.synthetic_csv import SEED, write_csv

    path = tmp_path_factory.mktemp("synthetic") / "customers.csv"
    assert sum(write_csv(path, CUSTOMERS, SEED)) == CUSTOMERS
    return path


@pytest.fixture(scope="session")
def find_csv(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Return the function from a table's name to its file."""
    return lambda name: request.getfixturevalue(f"{name}_csv")


@pytest.fixture(scope="session")
def any_csv(request: pytest.FixtureRequest, find_csv: Callable[[str], Path]) -> Path:
    """IBM's table, or made-up customers where that can't be had."""
    return find_csv(request.param)


@pytest.fixture(scope="session")
def every_csv(request: pytest.FixtureRequest, find_csv: Callable[[str], Path]) -> Path:
    """Made-up customers, and in a run of its own IBM's table where that can be had."""
    return find_csv(request.param)


@cache
def find_telco() -> Path | str:
    """Return the copy that TELCO_CSV names, else the downloaded one, else why there is none."""
    named = os.environ.get("TELCO_CSV")
    if named:
        return Path(named)
    # here, because few tests need it
    from model.samples.download import TELCO as SOURCE
    from model.samples.download import DownloadError, fetch

    try:
        return fetch(SOURCE)
    except DownloadError as error:
        return f"IBM's table can't be downloaded ({error}) and TELCO_CSV names no copy"
