"""How commands print: tables and progress bars for people, JSON for scripts."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 200  # characters; a file or a pipe has no edge that a table must be cut at
MIN_WIDTH = 100  # a narrower terminal breaks lines itself, which loses no figure

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_BYTES_PER_KB = 1_000


def print_json(value: object) -> None:
    """Print one JSON document, and nothing else, on stdout."""
    print(json.dumps(value, indent=2))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table; numbers come ready as text, right-aligned where a column's name ends in #."""
    table = Table(box=None, pad_edge=False)
    for column in columns:
        is_number = column.endswith("#")
        justify: JustifyMethod = "right" if is_number else "left"
        table.add_column(column.rstrip("#"), justify=justify, no_wrap=is_number)
    for row in rows:
        table.add_row(*(Text(format_figure(cell)) for cell in row))
    console = _console()
    console.print(Text(title, style="bold"), soft_wrap=True)  # as the table's own it would wrap
    console.print(table, "")


def print_line(text: str) -> None:
    """Print a line as it is, never wrapped."""
    _console().print(text, markup=False, highlight=False, soft_wrap=True)


def print_cut(text: str) -> None:
    """Print a line, cut at the terminal's edge."""
    console = Console()
    width = console.width if console.is_terminal else PIPE_WIDTH
    print(text if len(text) <= width else f"{text[: width - 1]}…", flush=True)


def print_warning(text: str) -> None:
    """Print on stderr what nobody should overlook."""
    warn = Console(stderr=True)
    warn.print(text, style="bold red", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def show_progress(total: int, description: str) -> Iterator[Callable[[int, str], None]]:
    """Show a bar on stderr, where that is a terminal; yield what moves it on and renames it."""
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.description}"),  # last: names differ in length
    )
    console = Console(stderr=True)
    disable = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disable) as bar:
        task = bar.add_task(description, total=total)

        def advance(count: int, now: str) -> None:
            bar.update(task, advance=count, description=now)

        yield advance


def format_age(moment: datetime) -> str:
    """Return how long ago a moment was, in its largest unit: `3 d`, `2 h`, `5 min`, `now`."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return "now"


def format_size(size_bytes: int) -> str:
    """Return a size in kB with one decimal."""
    return f"{size_bytes / _BYTES_PER_KB:,.1f} kB"


def format_figure(value: object) -> str:
    """Return a metric with four decimals, text as it is, and a dash for what isn't known."""
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _console() -> Console:
    console = Console()
    console.width = max(console.width, MIN_WIDTH) if console.is_terminal else PIPE_WIDTH
    return console
