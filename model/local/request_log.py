"""A line per request for a person at a terminal: when, what, and what came of it."""

import argparse
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PATH_WIDTH = 60  # characters of a longer path that are shown


@dataclass(frozen=True)
class Exchange:
    """A request and its answer.

    Attributes:
        path: as the client sent it, without the query.
        duration_s: from the whole request to the whole answer.
        log: the lines that the function wrote meanwhile, as Lambda would hand them on.
    """

    method: str
    path: str
    status: int
    duration_s: float
    log: tuple[str, ...] = ()


def add_log_argument(parser: argparse.ArgumentParser) -> None:
    """Add the flag that leaves the function's own log as it is."""
    parser.add_argument(
        "--json-log",
        action="store_true",
        help="print the function's own JSON lines, as on Lambda, not a readable line per request",
    )


def print_exchange(exchange: Exchange) -> None:
    """Print an exchange's line, and below it what else the function had to say."""
    lines = [format_exchange(exchange, datetime.now().astimezone()), *_find_news(exchange)]
    print("\n".join(lines), flush=True)


def format_exchange(exchange: Exchange, moment: datetime) -> str:
    """Return time, method, path, status, how many customers were scored, and milliseconds."""
    path = "".join(sign if sign.isprintable() else "?" for sign in exchange.path[:PATH_WIDTH])
    return (
        f"{moment:%H:%M:%S}  {exchange.method:<4} {path:<13}  {exchange.status}  "
        f"{_count_customers(exchange):<25}  {exchange.duration_s * 1000:8.1f} ms"
    )


def _count_customers(exchange: Exchange) -> str:
    facts = next(filter(None, map(_read_request_line, exchange.log)), {})
    scored, bad = facts.get("Records", 0), facts.get("bad_records", 0)
    count = f"{scored:,} of {scored + bad:,}" if bad else f"{scored:,}"
    noun = "customer" if scored + bad == 1 else "customers"
    return f"{count} {noun}" if scored + bad else "-"


def _find_news(exchange: Exchange) -> list[str]:
    """Return the function's lines that the readable one doesn't stand for: warnings, faults."""
    read = {line: _read_request_line(line) for line in exchange.log}
    return [line for line, facts in read.items() if not facts or "fault" in facts]


def _read_request_line(line: str) -> dict[str, Any]:
    """Return what the function's line on a request holds; nothing of another line."""
    try:
        content = json.loads(line)
    except ValueError:
        return {}
    return content if isinstance(content, dict) and "_aws" in content else {}
