"""The one fake S3 of all tests: a server with one object, that can be told to misbehave."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
REGION = "us-east-2"

# What a connection gets: these bytes, or what a function sends that is shown the proper answer.
Answer = bytes | Callable[[socket.socket, bytes], object]


@dataclass
class Stored:
    """The object under every key of every bucket; `error` is (status, code) for all who ask."""

    body: bytes | None = None
    modified: float = 100.0
    error: tuple[int, str] | None = None

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body or b"").hexdigest()[:32]}"'

    def answer(self, request: str) -> bytes:
        """Return what S3 says to a GET, as it goes over the wire."""
        error = self.error or ((404, "NoSuchKey") if self.body is None else None)
        if error:
            return refuse(*error)
        if f"if-none-match: {self.etag}".lower() in request.lower():
            return make_answer(304, f"ETag: {self.etag}\r\n")
        date = formatdate(self.modified, usegmt=True)
        return make_answer(200, f"ETag: {self.etag}\r\nLast-Modified: {date}\r\n", self.body)


def make_answer(status: int, headers: str = "", body: bytes = b"") -> bytes:
    """Return an answer with its length; the connection ends with it."""
    lines = f"{headers}Connection: close\r\nContent-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode() + body


def refuse(status: int, code: str = "", headers: str = "", details: str = "") -> bytes:
    """Return an error of S3's as it goes over the wire."""
    return make_answer(status, headers, f"<Error><Code>{code}</Code>{details}</Error>".encode())


class FakeS3:
    """Gives the n-th connection the n-th of `answers`, and further ones what `stored` says.

    `others` has what is stored under keys that end in a name, and `otherwise` takes the place of
    `stored`. `requests` are the heads that came, as text, and
    `refused` counts the clients that didn't like the server's certificate.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.stored = Stored()
        self.others: dict[str, Stored] = {}
        self.answers: list[Answer] = []
        self.otherwise: Answer | None = None
        self.requests: list[str] = []
        self.refused = threading.Semaphore(0)
        self.released = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http{'s' if context else ''}://localhost:{self.port}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def environment(self) -> dict[str, str]:
        """All that a function needs to ask this S3, credentials included."""
        return {**CREDENTIALS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL_S3": self.url}

    def stop(self) -> None:
        """End, and let go of whoever hangs."""
        self.released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def hang(self, _connection: socket.socket, _answer: bytes) -> None:
        """Answer nothing, for as long as the test runs."""
        self.released.wait()

    def drip(self, connection: socket.socket, answer: bytes) -> None:
        """Send the head, then a byte of the body now and then."""
        head, end, body = answer.partition(b"\r\n\r\n")
        connection.sendall(head + end)
        for byte in body:
            if self.released.wait(0.02):
                break
            connection.sendall(bytes([byte]))

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
                try:
                    connection = self._context.wrap_socket(connection, server_side=True)
                except OSError:
                    self.refused.release()
                    return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        request = connection.recv(65536).decode(errors="replace")
        self.requests.append(request)
        path = request.split()[1]
        found = [stored for name, stored in self.others.items() if path.endswith(name)]
        proper = (found or [self.stored])[0].answer(request)
        answer = self.answers.pop(0) if self.answers else self.otherwise or proper
        if callable(answer):
            answer(connection, proper)
        else:
            connection.sendall(answer)
