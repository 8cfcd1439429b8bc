"""Does the API stay right, quick and small under many clients at once?

Asks a local server, or whatever stands at --url, from this process: a number of clients at a time,
each waiting for its answer before it asks again. Every answer must be the first one's bytes.
"""

import argparse
import asyncio
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from model.paths import ARTIFACT

ROOT = Path(__file__).parents[1]
EVENT = ROOT / "events/predict_one_ok.json"
WARM_UP = 10_000  # requests until caches and allocator have settled
START_TIMEOUT_S = 60
ANSWER_TIMEOUT_S = 30


@dataclass
class Load:
    """What is asked and what came of it, by all clients together."""

    address: tuple[str, int]
    request: bytes
    expected: bytes
    latencies_s: list[float] = field(default_factory=list)
    errors: int = 0


def main() -> int:
    """Print a table, or with --json the figures; return 1 if there was any error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("artifact", nargs="?", default=str(ARTIFACT))
    parser.add_argument("--url", help="ask this API instead of starting a local server")
    parser.add_argument("--pid", type=int, help="with --url: process whose memory counts")
    parser.add_argument("--clients", type=int, default=50, help="at a time")
    parser.add_argument("--seconds", type=float, default=30.0, help="that latency is measured")
    parser.add_argument("--requests", type=int, default=100_000, help="until memory is read again")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    if args.url:
        report = _measure(args.url, args.pid, args)
    else:
        with _local_server(args.artifact) as (url, pid):
            report = _measure(url, pid, args)
    print(json.dumps(report, indent=2) if args.json else _format(report))
    return int(report["errors"] > 0)


@contextmanager
def _local_server(artifact: str) -> Iterator[tuple[str, int]]:
    """Serve a model file in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "model", "serve", artifact, "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:  # noqa: S603 (ours)
        try:
            _wait_for(("127.0.0.1", port), server)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.send_signal(signal.SIGINT)


def _wait_for(address: tuple[str, int], server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the local server didn't start")


def _measure(url: str, pid: int | None, args: argparse.Namespace) -> dict[str, Any]:
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    body = json.loads(EVENT.read_text(encoding="utf-8"))["body"].encode()
    request = (
        b"POST /predict HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n" % (parts.netloc.encode(), len(body))
    ) + body
    load = Load(address, request, asyncio.run(_ask_once(address, request)))
    asyncio.run(_run_clients(load, args.clients, requests=min(WARM_UP, args.requests // 10)))
    settled_kb = _memory_kb(pid)
    load.latencies_s.clear()
    started = time.perf_counter()
    asyncio.run(_run_clients(load, args.clients, seconds=args.seconds))
    duration_s, latencies = time.perf_counter() - started, sorted(load.latencies_s)
    asyncio.run(_run_clients(load, args.clients, requests=args.requests - len(latencies)))
    grown_kb = _memory_kb(pid)
    return {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "date": time.strftime("%Y-%m-%d"),
        "clients": args.clients,
        "seconds": duration_s,
        "requests": len(latencies),
        "errors": load.errors,
        "median_ms": median(latencies) * 1000,
        "p95_ms": quantiles(latencies, n=20)[-1] * 1000,
        "p99_ms": quantiles(latencies, n=100)[-1] * 1000,
        "memory_mb": grown_kb and grown_kb / 1024,
        "growth_mb": grown_kb and settled_kb and (grown_kb - settled_kb) / 1024,
        "requests_between": len(load.latencies_s),
    }


async def _run_clients(
    load: Load, clients: int, *, seconds: float = float("inf"), requests: float = float("inf")
) -> None:
    """Let the clients ask until the time is over or so many requests have been answered."""
    deadline, enough = time.perf_counter() + seconds, len(load.latencies_s) + requests
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(_run_client(load, deadline, enough))


async def _run_client(load: Load, deadline: float, enough: float) -> None:
    stream = None
    while time.perf_counter() < deadline and len(load.latencies_s) < enough:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                stream = stream or await asyncio.open_connection(*load.address)
                answer, is_open = await _exchange(stream, load.request)
        except (OSError, EOFError, ValueError):
            answer, is_open = b"", False
        load.latencies_s.append(time.perf_counter() - started)
        load.errors += answer != load.expected
        if stream and not is_open:
            stream[1].close()
            stream = None
    if stream:
        stream[1].close()


async def _exchange(
    stream: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
) -> tuple[bytes, bool]:
    """Return status line and body of the answer, and whether the connection stays open."""
    reader, writer = stream
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(size)
    is_open = head.startswith(b"http/1.1") and b"connection: close" not in head
    return head.split(b" ", 2)[1] + body, is_open


async def _ask_once(address: tuple[str, int], request: bytes) -> bytes:
    stream = await asyncio.open_connection(*address)
    answer, _ = await _exchange(stream, request)
    stream[1].close()
    if not answer.startswith(b"200"):
        raise SystemExit(f"expected an answer to {EVENT.name}, got {answer.decode()}")
    return answer


def _memory_kb(pid: int | None) -> int | None:
    """Return a process's resident memory; None where the system doesn't tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmRSS"].split()[0])


def _format(report: dict[str, Any]) -> str:
    lines = [
        f"Python {report['python']}, {report['machine']}, {report['date']}",
        f"{report['clients']} clients, {report['seconds']:.1f} s: {report['requests']:,} requests,"
        f" {report['requests'] / report['seconds']:,.0f} per second, {report['errors']} errors",
        f"latency: median {report['median_ms']:.1f} ms, p95 {report['p95_ms']:.1f} ms,"
        f" p99 {report['p99_ms']:.1f} ms",
    ]
    if report["growth_mb"] is not None:
        lines.append(
            f"memory: {report['memory_mb']:.1f} MB, {report['growth_mb']:+.1f} MB"
            f" over {report['requests_between']:,} requests"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
