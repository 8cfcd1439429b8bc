"""Pieces of a table scored by several processes at once, their answers in the pieces' order."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context

from inference.bulk.answer import score_piece
from inference.bulk.job import Job, make_job
from inference.bulk.tally import Tally
from inference.scoring.artifact import load_artifact
from model.errors import ModelError

WAITING_PER_PROCESS = 2  # pieces read ahead, so that none waits and memory stays small

_jobs: list[Job] = []  # a worker process has one


def count_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def score_pieces(
    model: bytes, job: Job, pieces: Iterable[bytes], processes: int
) -> Iterator[tuple[bytes, Tally]]:
    """Yield each piece's answer and what it came to.

    Args:
        model: the file of the job's model; each process compiles its own.
        job: what is asked of each row.
        pieces: whole records each.
        processes: at work at once; 1 means this one.

    Raises:
        ModelError: a process was killed.
    """
    if processes == 1:
        yield from map(partial(score_piece, job), pieces)
        return
    told = (model, [*job.header], job.delimiter, job.options)
    context = get_context("spawn")  # a fork would copy the progress bar's thread's locks
    pool = ProcessPoolExecutor(processes, context, _prepare, told)
    try:
        yield from _in_order(pool, pieces, processes * WAITING_PER_PROCESS)
    except BrokenProcessPool as error:
        raise ModelError("a process was killed; was there too little memory?") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, pieces: Iterable[bytes], most: int
) -> Iterator[tuple[bytes, Tally]]:
    waiting: deque[Future[tuple[bytes, Tally]]] = deque()
    for piece in pieces:
        waiting.append(_submit(pool, piece))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _submit(pool: ProcessPoolExecutor, piece: bytes) -> Future[tuple[bytes, Tally]]:
    """Hand in a piece; a process that this starts is deaf to Ctrl-C, which is for this one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_score, piece)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare(model: bytes, header: list[str], delimiter: str, options: dict) -> None:
    _jobs.append(make_job(load_artifact(model), header, delimiter, options))


def _score(piece: bytes) -> tuple[bytes, Tally]:
    return score_piece(_jobs[0], piece)
