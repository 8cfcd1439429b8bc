"""One small fake at the edge to S3: a server that answers each connection as a script says."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

Answer = bytes | Callable[[socket.socket], object]


class FakeS3:
    """Answers the n-th connection with the n-th answer; `requests` are their heads, as text."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: list[Answer] = []
        self.requests: list[str] = []
        self.released = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def stop(self) -> None:
        self.released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def hang(self, _connection: socket.socket) -> None:
        """Answer nothing, for as long as the test runs."""
        self.released.wait()

    def drip(self, connection: socket.socket) -> None:
        """Promise a body, then send a byte of it now and then."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
        while not self.released.wait(0.02):
            connection.sendall(b".")

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with suppress(OSError), connection:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            head = connection.recv(65536)
            self.requests.append(head.decode(errors="replace"))
            answer = self.answers.pop(0)
            with connection:
                if callable(answer):
                    answer(connection)
                else:
                    connection.sendall(answer)


@pytest.fixture
def fake_s3() -> Iterator[FakeS3]:
    server = FakeS3()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def make_fake_s3() -> Iterator[Callable[..., FakeS3]]:
    servers = []

    def make(context: ssl.SSLContext | None = None) -> FakeS3:
        servers.append(FakeS3(context))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()
