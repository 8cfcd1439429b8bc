"""Days that the monitor has judged, and those that it hasn't, judged here in the same way."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from inference.monitoring.storage import Folder, Log, read_document
from inference.monitoring.watch import WINDOWS, Watch, close_day, count_day, start_day
from model.aws_session import REGION_HELP, open_session
from model.errors import StackError

Document = dict[str, Any]

T = TypeVar("T")


def open_watch(group: str, bucket: str, model_key: str, bulk_bucket: str | None) -> Watch:
    """Return what the monitor's own role would read; nothing is asked yet.

    Args:
        group: the function's log group.
        bucket: of models.
        model_key: of the live model.
        bulk_bucket: of bulk runs; without it these don't count.

    Raises:
        StackError: boto3 knows no region.
    """
    session = open_session()
    s3, logs = _ask(lambda: session.client("s3")), _ask(lambda: session.client("logs"))
    bulk = Folder(s3, bulk_bucket) if bulk_bucket else None
    return Watch(Log(logs, group), Folder(s3, bucket), bulk, model_key)


def collect_windows(watch: Watch, first: date, last: date) -> list[Document]:
    """Return the window of each day of a span; what the monitor has written isn't counted again.

    Raises:
        StackError: AWS can't be asked, or refuses.
    """
    return _ask(lambda: [*_collect(watch, first, last)])


def find_references(watch: Watch, windows: list[Document]) -> dict[str, Document]:
    """Return the model file of each version that was judged.

    Raises:
        StackError: AWS can't be asked, or refuses.
    """
    judged = {
        version
        for window in windows
        for version, verdict in window["versions"].items()
        if "fields" in verdict
    }
    found = _ask(lambda: {version: watch.find_model(version) for version in judged})
    return {version: model for version, model in found.items() if model}


def _collect(watch: Watch, first: date, last: date) -> Any:
    drifted: Document = {}
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        window = read_document(watch.models, f"{WINDOWS}{day.isoformat()}.json")
        if window is None:
            progress = start_day(day, drifted)
            count_day(watch, progress, lambda: True)
            window = close_day(watch, progress)
        for version, verdict in window["versions"].items():
            if verdict["is_judged"]:
                drifted[version] = verdict["drifted"]
        yield window


def _ask(task: Callable[[], T]) -> T:
    from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

    try:
        return task()
    except NoRegionError as error:
        raise StackError(f"in which AWS region? {REGION_HELP}") from error
    except (BotoCoreError, ClientError) as error:
        raise StackError(f"AWS can't be asked; {str(error).splitlines()[0]}") from error
