"""For all tests: IBM's table; and in CI nothing is skipped, so that nothing hides behind that."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

IS_CI = os.environ.get("CI") == "true"


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


@pytest.fixture(scope="session")
def telco_csv() -> Path:
    """IBM's table: the copy that TELCO_CSV names, else the one that is downloaded once."""
    named = os.environ.get("TELCO_CSV")
    if named:
        return Path(named)
    # here, because few tests need it
    from model.table.download import TELCO, DownloadError, fetch

    try:
        return fetch(TELCO)
    except DownloadError as error:
        pytest.skip(f"IBM's table can't be downloaded ({error}) and TELCO_CSV names no copy")
