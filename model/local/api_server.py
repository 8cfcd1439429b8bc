"""The function behind HTTP on this machine, as `gateway` would call it.

Like one Lambda instance it works on one request at a time, however many clients are connected.
"""

import io
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from model.errors import ModelError
from model.local import gateway
from model.local.request_log import Exchange

IDLE_TIMEOUT_S = 30  # a connection that says nothing for so long is closed
FUNCTION_TIMEOUT_MS = 25_000  # as in template.yaml
MAX_DISCARDED_BYTES = (
    64 * 1024 * 1024
)  # of a refused body, read so that its sender hears the answer
POLL_S = 0.05  # how soon a server that is told to stop does
CHUNK_BYTES = 64 * 1024

Handler = Callable[[dict[str, Any], Any], Any]
Watcher = Callable[[Exchange], None]


@contextmanager
def serve_api(
    handler: Handler, host: str = "127.0.0.1", port: int = 0, watch: Watcher | None = None
) -> Iterator[str]:
    """Serve a handler over HTTP, on a free port unless one is given, and yield its URL.

    Args:
        handler: the function's.
        host: the address to listen at.
        port: 0 takes a free one.
        watch: told of each answer before it leaves, with the lines that the handler wrote to
            standard output; without it they stay there.

    Raises:
        ModelError: the port is taken.
    """
    try:
        server = _ApiServer((host, port), handler, watch)
    except OSError as error:
        raise ModelError(f"port {port}: can't be used ({error.strerror})") from error
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), name="api", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _ApiServer(ThreadingHTTPServer):
    """A thread for each connection; the handler itself is called by one at a time."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], handler: Handler, watch: Watcher | None) -> None:
        super().__init__(address, _ApiConnection)
        self._handler = handler
        self.watch = watch
        self._is_free = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about clients that left; report what else goes wrong as usual."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def answer(self, request: gateway.Request) -> tuple[gateway.Response, tuple[str, ...]]:
        """Return what the gateway would send for a request, and what the function logged."""
        event = gateway.build_event(request)
        if gateway.is_too_large(event):
            return gateway.json_response(413, {"message": "Request Entity Too Large"}), ()
        with self._is_free:
            if self.watch is None:
                return self._call(event), ()
            with redirect_stdout(io.StringIO()) as log:
                response = self._call(event)
        return response, tuple(log.getvalue().splitlines())

    def _call(self, event: dict[str, Any]) -> gateway.Response:
        try:
            answer = self._handler(event, _make_context(event))
        except Exception as error:  # noqa: BLE001  as Lambda does: any failure is a 500
            print(f"the function failed: {type(error).__name__}", file=sys.stderr)
            return gateway.internal_error()
        return gateway.read_answer(answer)


class _ApiConnection(BaseHTTPRequestHandler):
    """Reads requests from one connection, and writes their answers."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_TIMEOUT_S
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one packet
    server: _ApiServer

    def do_GET(self) -> None:
        """Answer a request of any method."""
        self._started_s = perf_counter()
        size_bytes = self._read_size()
        if size_bytes is None:
            return
        request = gateway.Request(
            self.command,
            self.path,
            self.headers.items(),
            self.rfile.read(size_bytes),
            self.client_address[0],
            self.request_version,
        )
        self._send(*self.server.answer(request))

    def __getattr__(self, name: str) -> Any:
        """Return do_GET for do_POST, do_QUERY and what else may come: the function decides."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's
        """Say nothing: the server's watcher does, or the function itself."""

    def version_string(self) -> str:
        """Return the Server header's value."""
        return "local"

    def _read_size(self) -> int | None:
        """Return the body's length; None when the request has been refused."""
        text = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers:
            self._refuse(411, "Length Required")
        elif not (text.isascii() and text.isdigit()):
            self._refuse(400, "Bad Request")
        elif int(text) > gateway.MAX_REQUEST_BYTES:
            self._refuse(413, "Request Entity Too Large", int(text))
        else:
            return int(text)
        return None

    def _refuse(self, status: int, message: str, body_bytes: int = 0) -> None:
        """Answer without using the body, which ends the connection."""
        remaining = min(body_bytes, MAX_DISCARDED_BYTES)
        while remaining and (chunk := self.rfile.read(min(CHUNK_BYTES, remaining))):
            remaining -= len(chunk)
        self.close_connection = True
        self._send(gateway.json_response(status, {"message": message}))

    def _send(self, response: gateway.Response, log: tuple[str, ...] = ()) -> None:
        if self.server.watch:
            path, duration_s = self.path.partition("?")[0], perf_counter() - self._started_s
            self.server.watch(Exchange(self.command, path, response.status, duration_s, log))
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        for cookie in response.cookies:
            self.send_header("set-cookie", cookie)
        if self.close_connection:
            self.send_header("connection", "close")
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def _make_context(event: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        aws_request_id=event["requestContext"]["requestId"],
        function_name="local",
        function_version="$LATEST",
        memory_limit_in_mb="256",
        get_remaining_time_in_millis=lambda: FUNCTION_TIMEOUT_MS,
    )
