"""How commands print: a table for people, JSON for scripts."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 200  # characters; a file or a pipe has no edge that a table must be cut at

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_BYTES_PER_KB = 1_000


def print_json(value: object) -> None:
    """Print one JSON document, and nothing else, on stdout."""
    print(json.dumps(value, indent=2))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table; numbers come ready as text, right-aligned where a column's name ends in #."""
    table = Table()
    for column in columns:
        table.add_column(column.rstrip("#"), justify="right" if column.endswith("#") else "left")
    for row in rows:
        table.add_row(*(Text(format_figure(cell)) for cell in row))
    console = _console()
    console.print(Text(title, style="bold"), soft_wrap=True)  # as the table's own it would wrap
    console.print(table)


def print_line(text: str) -> None:
    """Print a line as it is, never wrapped."""
    _console().print(text, markup=False, highlight=False, soft_wrap=True)


def print_warning(text: str) -> None:
    """Print a line in red on stderr: what must not be overlooked, whatever stdout goes into."""
    Console(stderr=True).print(
        text, style="bold red", markup=False, highlight=False, soft_wrap=True
    )


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
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console
