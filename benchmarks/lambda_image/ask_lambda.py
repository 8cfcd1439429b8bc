"""Times requests to a function under AWS's runtime emulator, the first one in a fresh process.

The emulator starts the function's process when the first request comes. So that request's time
holds all that a caller waits for: the interpreter, AWS's runtime client, the handler's imports,
the model from S3, the score, and the emulator's own share, which is the same for all.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from lines import serve_lines

ADDRESS = ("127.0.0.1", 8080)
EMULATOR = (
    *("/rie", "--log-level", "error"),
    *("--runtime-interface-emulator-address", "{}:{}".format(*ADDRESS)),
    *("/var/runtime/bootstrap", "app.lambda_handler"),
)
PATH = "/2015-03-31/functions/function/invocations"
START_TIMEOUT_S = 60
SETTLE_S = 0.25  # lets the emulator's start end, and a CPU quota fill up again
TIMEOUT_S = 120
OK = b'"statusCode": 200'


def measure(question: dict) -> dict:
    """Return the milliseconds of each answer, and the process's peak memory after the first.

    Args:
        question: `events`, the first of which starts the process, and `pause_s` before each.
    """
    events = [event.encode() for event in question["events"]]
    emulator = subprocess.Popen(  # noqa: S603  our own words
        EMULATOR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for_emulator()
        time.sleep(SETTLE_S)
        ms = [_ask(events[0])]
        peak_kb = _peak_memory(emulator.pid)
        for event in events[1:]:
            time.sleep(question.get("pause_s", 0))
            ms.append(_ask(event))
    finally:
        _kill_all()
    return {"ms": ms, "peak_kb": peak_kb}


def _wait_for_emulator() -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(ADDRESS):
            return
        time.sleep(0.005)
    raise SystemExit("AWS's runtime emulator doesn't start")


def _ask(event: bytes) -> float:
    head = f"POST {PATH} HTTP/1.1\r\nhost: lambda\r\nconnection: close\r\n"
    request = f"{head}content-length: {len(event)}\r\n\r\n".encode() + event
    start = time.perf_counter()
    with socket.create_connection(ADDRESS, timeout=TIMEOUT_S) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    duration_ms = (time.perf_counter() - start) * 1000
    if OK not in answer.replace(b'"statusCode":200', OK):
        raise SystemExit(f"the function answered {answer.decode(errors='replace')}")
    return duration_ms


def _peak_memory(emulator: int) -> int:
    """Return the most kilobytes that the function's process has had in memory."""
    for status in Path("/proc").glob("[0-9]*/status"):
        facts = dict(line.split(":\t") for line in status.read_text().splitlines() if ":\t" in line)
        if int(facts["PPid"]) == emulator:
            return int(facts["VmHWM"].split()[0])
    raise SystemExit("the function's process is gone")


def _kill_all() -> None:
    """End whatever else runs in this container; the next sample starts from nothing."""
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) != os.getpid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


if __name__ == "__main__":
    serve_lines(measure)
