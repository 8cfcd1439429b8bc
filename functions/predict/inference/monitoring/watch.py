"""Day by day, the counts of what was scored become verdicts, kept as one small object each.

What is left to do is kept as well: a run that has no time left goes on where it stopped, and days
that nobody looked at come first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from inference.monitoring.lines import COUNTS, EVENT, add_up, fits, read_line
from inference.monitoring.state import STATE_KEY, describe_state
from inference.monitoring.storage import (
    Folder,
    Log,
    read_document,
    read_pages,
    read_written,
    write_document,
)
from inference.monitoring.verdict import judge

PROGRESS_KEY = "monitoring/progress.json"
WINDOWS = "monitoring/windows/"  # a day each
DAY_MS = 86_400_000
SLICE_MS = 3_600_000  # of the log that is read at once; a run can stop between two

Document = dict[str, Any]


@dataclass(frozen=True)
class Watch:
    """Where counts are, and where verdicts go.

    Attributes:
        log: of the function that scores.
        models: the bucket of models, and of what the monitor finds.
        bulk: the bucket of bulk runs, if there is one.
        model_key: of the live model; its versions lie beside it.
        known: version -> its file, None where it can't be compared with.
    """

    log: Log
    models: Folder
    bulk: Folder | None
    model_key: str
    known: dict[str, Document | None] = field(default_factory=dict)

    def find_model(self, version: str) -> Document | None:
        """Return a version's file; None where it isn't there, or has no reference."""
        if version not in self.known:
            folder = self.model_key.rpartition("/")[0]
            found = read_document(self.models, f"{folder}/versions/{version}.json")
            if found is None:  # which was published without the registry
                live = read_document(self.models, self.model_key) or {}
                found = live if live.get("training_meta", {}).get("version") == version else None
            self.known[version] = found if found and "reference" in found else None
        return self.known[version]


def catch_up(
    watch: Watch, now: datetime, has_time: Callable[[], bool] = lambda: True
) -> tuple[list[Document], bool]:
    """Return the windows of the days that are over and weren't judged, and whether that is all.

    Args:
        watch: where to look.
        now: with its time zone.
        has_time: whether there is time for an hour of the log more.
    """
    today = now.astimezone(UTC).date()
    progress = read_document(watch.models, PROGRESS_KEY) or start_day(today - timedelta(days=1))
    windows: list[Document] = []
    while progress["day"] < today.isoformat():
        if not count_day(watch, progress, has_time):
            write_document(watch.models, PROGRESS_KEY, progress)
            return windows, False
        window = close_day(watch, progress)
        windows.append(window)
        write_document(watch.models, f"{WINDOWS}{window['day']}.json", window)
        write_document(watch.models, STATE_KEY, describe_state(window))
        write_document(watch.models, PROGRESS_KEY, progress)
    return windows, True


def start_day(day: date, drifted: Document | None = None) -> Document:
    """Return that nothing of a day is counted yet."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return {
        "day": day.isoformat(),
        "from_ms": int(midnight.timestamp() * 1000),
        "counts": {},
        "lines": 0,
        "damaged": 0,
        "drifted": drifted or {},
    }


def count_day(watch: Watch, progress: Document, has_time: Callable[[], bool]) -> bool:
    """Add up a day's lines, from where it was left; return whether the day is through."""
    start_ms = _midnight_ms(progress["day"])
    end_ms = start_ms + DAY_MS
    while progress["from_ms"] < end_ms:
        until_ms = min(progress["from_ms"] + SLICE_MS, end_ms)
        if not _count_slice(watch, progress, until_ms, has_time):
            return False
    if watch.bulk:
        for counts in read_written(watch.bulk, COUNTS, start_ms / 1000, end_ms / 1000):
            _take(watch, progress, counts)
    return True


def close_day(watch: Watch, progress: Document) -> Document:
    """Return the day's verdicts, and turn to the next day."""
    drifted = progress["drifted"]
    versions = {}
    for version, counts in progress["counts"].items():
        model = watch.find_model(version)
        verdict = judge(model, counts, drifted.get(version, [])) if model else None
        if verdict and verdict["is_judged"]:
            drifted[version] = verdict["drifted"]
        versions[version] = verdict or {"customers": counts["customers"], "is_judged": False}
    window = {
        "day": progress["day"],
        "lines": progress["lines"],
        "damaged": progress["damaged"],
        "versions": versions,
    }
    following = datetime.fromisoformat(progress["day"]).date() + timedelta(days=1)
    progress |= start_day(following, drifted)
    return window


def _count_slice(
    watch: Watch, progress: Document, until_ms: int, has_time: Callable[[], bool]
) -> bool:
    """Add up a slice's lines; where time runs out, those before the last one's millisecond."""
    held: list[str] = []
    for page in read_pages(watch.log, EVENT, progress["from_ms"], until_ms):
        for time_ms, text in page:
            if time_ms > progress["from_ms"]:
                _take_all(watch, progress, held)
                held, progress["from_ms"] = [], time_ms
            held.append(text)
        if not has_time():
            return False
    _take_all(watch, progress, held)
    progress["from_ms"] = until_ms
    return True


def _take_all(watch: Watch, progress: Document, texts: list[str]) -> None:
    for text in texts:
        line = read_line(text)
        if line is not None:
            _take(watch, progress, line)


def _take(watch: Watch, progress: Document, line: Document) -> None:
    """Add a line's counts to its version's."""
    version = line.get("model_version", "")
    model = watch.find_model(version)
    if model and not fits(line, model["reference"]):
        progress["damaged"] += 1
        return
    progress["lines"] += 1
    counts = progress["counts"]
    if model:
        counts[version] = add_up(counts.get(version), line)
    else:
        counts.setdefault(version, {"customers": 0})["customers"] += line["customers"]


def _midnight_ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
