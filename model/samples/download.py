"""Fetches IBM's sample table once, checks it, and keeps it in the user's cache folder."""

from dataclasses import dataclass
from pathlib import Path

import pooch  # type: ignore[import-untyped]  # ships no types
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress

_TIMEOUT_S = (2, 10)  # to connect, per address of the host; between two pieces of the body


@dataclass(frozen=True)
class Source:
    """A public file: where it is, what its bytes must hash to, and what it is called."""

    url: str
    sha256: str
    file_name: str


TELCO = Source(  # 7,043 customers, Apache License 2.0, as of 2026-11-22
    url="https://raw.githubusercontent.com/IBM/telco-customer-churn-on-icp4d/master/data/"
    "Telco-Customer-Churn.csv",
    sha256="16320c9c1ec72448db59aa0a26a0b95401046bef5d02fd3aeb906448e3055e91",
    file_name="telco-customer-churn.csv",
)


class DownloadError(Exception):
    """The file can't be had; the message is the reason, to be put behind a colon."""


def fetch(source: Source) -> Path:
    """Return the local copy of a public file, after downloading it if there is no sound one.

    Raises:
        DownloadError: no connection, an HTTP error, other bytes than expected, or no place to
            keep them; nothing is left behind.
    """
    bar = _Bar(source.file_name)
    pooch.get_logger().setLevel("WARNING")  # the bar says it already
    try:
        path = pooch.retrieve(
            source.url,
            known_hash=f"sha256:{source.sha256}",
            fname=source.file_name,
            path=pooch.os_cache("churn-scoring"),
            # Uncompressed, so that the length in the answer's header is the one that arrives.
            downloader=pooch.HTTPDownloader(
                progressbar=bar, timeout=_TIMEOUT_S, headers={"Accept-Encoding": "identity"}
            ),
        )
    except (OSError, ValueError) as error:
        raise DownloadError(_reason(error)) from error
    finally:
        bar.close()
    return Path(path)


class _Bar:
    """The progress bar of rich, under the names that pooch calls; seen only while bytes come."""

    def __init__(self, file_name: str) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            "{task.description}",
            BarColumn(),
            DownloadColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task(f"Downloading {file_name}", total=None)

    @property
    def total(self) -> float | None:
        return self._progress.tasks[self._task].total

    @total.setter
    def total(self, size_bytes: int) -> None:
        self._progress.start()
        self._progress.update(self._task, total=size_bytes or None)

    def update(self, size_bytes: int) -> None:
        self._progress.advance(self._task, size_bytes)

    def reset(self) -> None:
        self._progress.update(self._task, completed=0)

    def close(self) -> None:
        self._progress.stop()


def _reason(error: OSError | ValueError) -> str:
    response = getattr(error, "response", None)  # of an HTTP error
    if response is not None:
        return f"its server answered {response.status_code}"
    if not isinstance(error, OSError):  # pooch's word for another hash
        return "what came isn't the file with the known SHA-256"
    if error.strerror:
        return f"it can't be kept in the cache folder ({error.strerror})"
    return "no connection"
