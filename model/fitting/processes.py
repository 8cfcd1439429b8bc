"""Runs fits side by side, one thread each, in processes that stay for the next ones."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, cpu_count, delayed, parallel_config
from threadpoolctl import threadpool_limits

FEW_ROWS = 2_000  # with fewer, starting processes takes longer than the fits

Run = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], Iterator[Any]]


@contextmanager
def run_side_by_side(rows: int) -> Iterator[Run]:
    """Yield the function that calls another with each of some arguments: results in their order.

    Each call has one thread: sums depend on how many there are, and OpenMP's stall on a busy
    machine.

    Args:
        rows: how many are fitted on; with few, this process does all the work.
    """
    if rows < FEW_ROWS or cpu_count() == 1:
        with threadpool_limits(limits=1):
            yield lambda function, tasks: (function(*task) for task in tasks)
    else:
        with parallel_config(
            backend="loky",
            n_jobs=cpu_count(),
            inner_max_num_threads=1,
            initializer=_ignore_interrupts,
        ):
            # arrays go through pipes: files in shared memory would outlive an interrupted search
            parallel = Parallel(return_as="generator", max_nbytes=None)
            yield lambda function, tasks: parallel(delayed(function)(*task) for task in tasks)


def _ignore_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; this one ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
