"""One small fake at the edge to S3: a server that answers each connection as a script says."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


class Authority:
    """A certificate authority in a file, and servers with its certificates."""

    def __init__(self, folder, serial):
        self.key = ec.generate_private_key(ec.SECP256R1())
        # As long as real names are: the lengths before the serial number take two bytes each.
        name = f"Authority {serial:050}"
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        constraint = x509.BasicConstraints(ca=True, path_length=None)
        certificate = self._sign(self.name, self.key.public_key(), serial, constraint)
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.folder = folder

    def make_server_context(self, *names, days=1):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "server")])
        serial = x509.random_serial_number()
        alternatives = x509.SubjectAlternativeName(names)
        certificate = self._sign(subject, key.public_key(), serial, alternatives, days)
        path = self.folder / f"{serial}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(self, subject, public_key, serial, extension, days=1):
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(serial)
            .not_valid_before(now - datetime.timedelta(days=9))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(extension, critical=True)
            .sign(self.key, hashes.SHA256())
        )


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


@pytest.fixture(scope="module")
def make_authority(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Authority]:
    return lambda serial: Authority(tmp_path_factory.mktemp("authority"), serial)
