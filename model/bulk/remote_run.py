"""A bulk run on AWS from here: up goes the table, the machine runs, down comes the answer."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.aws_session import open_session
from model.errors import BulkRunError
from model.files import replace_file

INPUT = "in/"
POLL_S = 1.0
RUNNING = "RUNNING"


@dataclass(frozen=True)
class Stack:
    """The stack's bucket and state machine for bulk runs, and the clients to ask."""

    s3: Any
    states: Any
    bucket: str
    machine: str


def open_stack(bucket: str, machine: str) -> Stack:
    """Return the bucket and the state machine of these names; nothing is asked of them yet.

    Raises:
        BulkRunError: boto3's configuration can't be used.
    """
    with _in_plain_words("set up"):
        session = open_session()
        return Stack(session.client("s3"), session.client("stepfunctions"), bucket, machine)


def upload_table(stack: Stack, table: Path, run: str) -> str:
    """Put a table where the run finds it, and return its key.

    Raises:
        BulkRunError: it can't be read, or not be written there.
    """
    key = f"{INPUT}{run}/{table.name}"
    with _in_plain_words(f"upload {table}"):
        stack.s3.upload_file(str(table), stack.bucket, key)
    return key


def start_run(stack: Stack, run: str, request: dict[str, Any]) -> str:
    """Start a run, and return its ARN; of one that is there by that name, that one's.

    Raises:
        BulkRunError: AWS refuses.
    """
    from botocore.exceptions import ClientError

    with _in_plain_words("start the state machine"):
        try:
            asked = {"stateMachineArn": stack.machine, "name": run, "input": json.dumps(request)}
            return str(stack.states.start_execution(**asked)["executionArn"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise
    return f"{stack.machine.replace(':stateMachine:', ':execution:')}:{run}"


def wait_for_run(stack: Stack, arn: str, show: Callable[[int, int], object]) -> dict[str, Any]:
    """Return what a run says of its answer, once it has ended.

    Args:
        stack: where it runs.
        arn: of the run.
        show: told how many of how many parts are scored, now and then.

    Raises:
        BulkRunError: the run has failed; in the run's own words.
    """
    with _in_plain_words("ask how the run is"):
        while (run := stack.states.describe_execution(executionArn=arn))["status"] == RUNNING:
            for entry in stack.states.list_map_runs(executionArn=arn)["mapRuns"]:
                found = stack.states.describe_map_run(mapRunArn=entry["mapRunArn"])
                show(found["itemCounts"]["succeeded"], found["itemCounts"]["total"])
            time.sleep(POLL_S)
    if run["status"] != "SUCCEEDED":
        raise BulkRunError(run.get("cause") or f"the run ended as {run['status']}")
    ended: dict[str, Any] = json.loads(run["output"])
    return ended


def read_summary(stack: Stack, ended: dict[str, Any]) -> dict[str, Any]:
    """Return the summary of a run that has ended.

    Raises:
        BulkRunError: it can't be read.
    """
    with _in_plain_words("read the summary"):
        found = stack.s3.get_object(Bucket=stack.bucket, Key=_key(stack, ended["summary"]))
        summary: dict[str, Any] = json.loads(found["Body"].read())
    return summary


def download_scores(stack: Stack, ended: dict[str, Any], path: Path) -> None:
    """Write the answer to a file, whole or not at all.

    Raises:
        BulkRunError: it can't be read, or the file not be written.
    """
    with replace_file(path, BulkRunError) as file, _in_plain_words("download the answer"):
        stack.s3.download_fileobj(stack.bucket, _key(stack, ended["scores"]), file)


def _key(stack: Stack, location: str) -> str:
    return location.removeprefix(f"s3://{stack.bucket}/")


@contextmanager
def _in_plain_words(doing: str) -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error, OSError) as error:
        raise BulkRunError(f"can't {doing}: {str(error).splitlines()[0]}") from error
