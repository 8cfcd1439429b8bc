"""`sam local invoke` for many events, several at a time.

SAM CLI's command line runs in worker processes: loading it takes ten times the processor that one
invocation takes, and so is done once per worker, not once per event.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import IO, TextIO

from model.errors import ModelError
from model.local.environment import replace_environment
from model.local.sam import FUNCTION, LocalStack

WORKERS = 4  # mostly they wait for Docker; measured on 2 processors

_DURATION = re.compile(r"^REPORT .*?\tDuration: ([\d.]+) ms", re.MULTILINE)


@dataclass(frozen=True)
class Invocation:
    """An event and what became of it.

    Attributes:
        answer: what the function returned, as JSON text.
        duration_ms: as Lambda's runtime reports it; of a new process, so loading the function and
            its model counts. None where it doesn't.
    """

    event: Path
    answer: str
    duration_ms: float | None


def invoke_all(stack: LocalStack, events: Sequence[Path]) -> Iterator[Invocation]:
    """Yield each event's invocation, in a container of its own, in the order of the events.

    Raises:
        ModelError: SAM CLI failed; its own words are in the message.
    """
    commands = [stack.command("invoke", FUNCTION, "--event", str(event)) for event in events]
    with ProcessPoolExecutor(
        min(WORKERS, len(events)),
        mp_context=get_context("spawn"),  # the local S3 has threads, which a fork would break
        initializer=replace_environment,
        initargs=(stack.environment,),
    ) as pool:
        results = pool.map(_run_sam, commands)
        for event, (status, answer, log) in zip(events, results, strict=True):
            if status:
                raise ModelError(f"sam local invoke failed for {event}\n{log.strip()}")
            yield Invocation(event, answer.strip(), _find_duration(log))


def _run_sam(command: Sequence[str]) -> tuple[int, str, str]:
    """Return SAM CLI's exit status, and what it wrote to standard output and error."""
    from samcli.cli.main import cli  # type: ignore[import-untyped]  # ships no types

    status = 0
    with _capture(sys.stdout) as answer, _capture(sys.stderr) as log:
        try:
            cli(command[1:], prog_name="sam")
        except SystemExit as end:
            status = int(end.code or 0)
    return status, answer.read().decode(), log.read().decode()


@contextmanager
def _capture(stream: TextIO) -> Iterator[IO[bytes]]:
    """Yield the file that gets what goes to a stream, past Python too; to be read afterwards."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  it outlives this block
    kept = os.dup(stream.fileno())
    os.dup2(file.fileno(), stream.fileno())
    try:
        yield file
    finally:
        stream.flush()
        os.dup2(kept, stream.fileno())
        os.close(kept)
        file.seek(0)


def _find_duration(log: str) -> float | None:
    found = _DURATION.search(log)
    return float(found[1]) if found else None
