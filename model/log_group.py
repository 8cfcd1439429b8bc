"""A CloudWatch log group's messages of the last days."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from model.aws_session import REGION_HELP, open_session
from model.errors import StackError


class Message(NamedTuple):
    """A message, and when it was logged."""

    at: datetime
    text: str


def read_messages(name: str, days: float, word: str) -> list[Message]:
    """Return the messages that have a word and came during the last days, oldest first.

    Raises:
        StackError: AWS can't be asked, or refuses.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

    since = datetime.now(UTC) - timedelta(days=days)
    question = {
        "logGroupName": name,
        "startTime": int(since.timestamp() * 1000),
        "filterPattern": f'"{word}"',
    }
    try:
        pages = open_session().client("logs").get_paginator("filter_log_events")
        return [
            Message(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"])
            for page in pages.paginate(**question)
            for event in page["events"]
        ]
    except NoRegionError as error:
        raise StackError(f"log group {name}: in which AWS region? {REGION_HELP}") from error
    except (BotoCoreError, ClientError) as error:
        reason = str(error).splitlines()[0]
        raise StackError(f"log group {name}: can't be read; {reason}") from error
