"""The function's lines about the shadow: from CloudWatch, or from a file of its log."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from inference.shadow.comparison import EVENT
from model.aws_session import REGION_HELP, open_session
from model.errors import StackError
from model.files import read_file

Line = dict[str, Any]


def read_log_file(path: Path) -> list[Line]:
    """Return the lines about the shadow in a file of the function's log; others are passed over.

    Raises:
        ModelError: it can't be read.
    """
    return list(_choose(read_file(path).decode(errors="replace").splitlines()))


def read_log_group(name: str, days: float) -> list[Line]:
    """Return the lines about the shadow that a log group took in during the last days.

    Raises:
        StackError: AWS can't be asked, or refuses.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

    since = datetime.now(UTC) - timedelta(days=days)
    question = {
        "logGroupName": name,
        "startTime": int(since.timestamp() * 1000),
        "filterPattern": f'"{EVENT}"',
    }
    try:
        pages = (
            open_session().client("logs").get_paginator("filter_log_events").paginate(**question)
        )
        return list(_choose(event["message"] for page in pages for event in page["events"]))
    except NoRegionError as error:
        raise StackError(f"log group {name}: in which AWS region? {REGION_HELP}") from error
    except (BotoCoreError, ClientError) as error:
        reason = str(error).splitlines()[0]
        raise StackError(f"log group {name}: can't be read; {reason}") from error


def _choose(messages: Iterable[str]) -> Iterator[Line]:
    for message in messages:
        if EVENT not in message:
            continue
        try:
            line = json.loads(message)
        except ValueError:  # cut off, or another program's
            continue
        if isinstance(line, dict) and line.get("event") == EVENT:
            yield {key: value for key, value in line.items() if key not in ("event", "level")}
