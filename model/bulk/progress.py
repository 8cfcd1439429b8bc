"""Bars for customers being scored: how many, how many a second, how long to go."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@contextmanager
def show_customers(total: int) -> Iterator[Callable[[int, int], None]]:
    """Show the bar on stderr, where that is a terminal; yield what moves it on.

    That takes how much of the total is done, and how many customers so far. A total of 0 is one
    that isn't known.
    """
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(compact=True),
    )
    console = Console(stderr=True)
    disable = not console.is_terminal
    started_s = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=disable) as bar:
        task = bar.add_task("starting", total=total or None)

        def move(done: int, customers: int) -> None:
            rate = customers / max(time.monotonic() - started_s, 1e-9)
            text = f"{customers:,} customers, {rate:,.0f} a second"
            bar.update(task, completed=done, description=text)

        yield move


@contextmanager
def show_parts() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr, where that is a terminal; yield what is told parts done and in all."""
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    disable = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disable) as bar:
        task = bar.add_task("planning", total=None)

        def move(done: int, total: int) -> None:
            text = f"{done:,} of {total:,} parts scored"
            bar.update(task, completed=done, total=total, description=text)

        yield move
