"""The function's lines about the shadow: from CloudWatch, or from a file of its log."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from inference.shadow.comparison import EVENT
from model.files import read_file
from model.log_group import read_messages

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
    return list(_choose(message.text for message in read_messages(name, days, EVENT)))


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
