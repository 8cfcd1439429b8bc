"""One HTTP/1.1 GET over a new connection, within a deadline that also stops a drip.

`_socket` is the part of `socket` that does the work; the rest takes 1.3 ms to import, and
`http.client` 17. What comes back is read strictly: an answer that may be cut off is an error.
"""

from _socket import SOCK_STREAM, getaddrinfo, socket
from collections.abc import Callable
from time import monotonic

from inference.live.s3_address import Address
from inference.live.s3_answer import MAX_BODY_BYTES, refuse_oversize

_CHUNK_BYTES = 65536
_MAX_HEAD_BYTES = 65536
_HAS_NO_BODY = frozenset({204, 304})


class Connection(socket):
    """A socket that a TLS stream can refer to without keeping it alive, as `_ssl` wants."""

    __slots__ = ("__weakref__",)


Connect = Callable[[], Connection]
Receive = Callable[[], bytes]
Stream = tuple[Connection, Callable[[bytes], object], Callable[[int], bytes]]  # send, receive
OpenStream = Callable[[Connect, str], Stream]  # the text is the host's name


def open_plain(connect: Connect, _host: str) -> Stream:
    """Return a stream without TLS."""
    connection = connect()
    return connection, connection.sendall, connection.recv


def http_get(
    address: Address,
    headers: dict[str, str],
    open_stream: OpenStream,
    first_byte_by: float,
    deadline: float,
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (lower-case names) and body.

    Args:
        address: what to get.
        headers: all that are sent, but Connection.
        open_stream: `open_plain`, or a `tls.Trust`'s where the address wants TLS.
        first_byte_by: monotonic time by which the answer's head must be there.
        deadline: monotonic time by which it must be whole.

    Raises:
        OSError: no connection, no time left, a broken or senseless answer.
        StorageError: a certificate that nobody we trust has signed, a body over the limit.
    """
    until = first_byte_by
    connection, send, receive = open_stream(
        lambda: _connect(address.host, address.port, first_byte_by), address.host
    )

    def receive_some() -> bytes:
        connection.settimeout(_time_left(until))
        data = receive(_CHUNK_BYTES)
        if not data:
            raise ConnectionError("closed before the answer was whole")
        return data

    try:
        send(_format_request(address.path, headers))
        head, rest = _read_head(receive_some)
        until = deadline
        status, answer_headers = _parse_head(head)
        has_body = status not in _HAS_NO_BODY
        body = _read_body(answer_headers, rest, receive_some) if has_body else b""
    except ValueError as error:
        raise ConnectionError("the answer isn't HTTP/1.1") from error
    finally:
        connection.close()
    return status, answer_headers, body


def _connect(host: str, port: int, until: float) -> Connection:
    failure: OSError = OSError("the host name has no address")
    # A host name in bytes spares the idna codec (1.1 ms).
    for family, kind, protocol, _, target in getaddrinfo(host.encode(), port, 0, SOCK_STREAM):
        connection = Connection(family, kind, protocol)
        try:
            connection.settimeout(_time_left(until))
            connection.connect(target)
        except OSError as error:
            connection.close()
            failure = error
        else:
            connection.settimeout(_time_left(until))
            return connection
    raise failure


def _time_left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


def _format_request(path: str, headers: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\n{lines}connection: close\r\n\r\n".encode("latin-1")


def _read_head(receive: Receive) -> tuple[str, bytearray]:
    data = bytearray()
    while (end := data.find(b"\r\n\r\n")) < 0:
        if len(data) > _MAX_HEAD_BYTES:
            raise ValueError("headers without end")
        data += receive()
    return data[:end].decode("latin-1"), data[end + 4 :]


def _parse_head(head: str) -> tuple[int, dict[str, str]]:
    first, *lines = head.split("\r\n")
    version, status, *_ = first.split(" ", 2)
    if not version.startswith("HTTP/1."):
        raise ValueError("not HTTP/1.x")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return int(status), headers


def _read_body(headers: dict[str, str], data: bytearray, receive: Receive) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _read_chunks(data, receive)
    size = int(headers["content-length"]) if "content-length" in headers else -1
    if size < 0:
        raise ValueError("no length: whole and cut off would look the same")
    if size > MAX_BODY_BYTES:
        raise refuse_oversize()
    _fill(data, size, receive)
    return bytes(data[:size])


def _read_chunks(data: bytearray, receive: Receive) -> bytes:
    body = bytearray()
    while True:
        while (end := data.find(b"\r\n")) < 0:
            if len(data) > _MAX_HEAD_BYTES:
                raise ValueError("a chunk without end of its head")
            data += receive()
        size = int(data[:end].partition(b";")[0], 16)
        if size < 0:
            raise ValueError("a chunk of negative size")
        start, stop = end + 2, end + 2 + size
        if size == 0:  # what may follow are trailers, and the end of the connection
            return bytes(body)
        if len(body) + size > MAX_BODY_BYTES:
            raise refuse_oversize()
        _fill(data, stop + 2, receive)
        body += data[start:stop]
        del data[: stop + 2]


def _fill(data: bytearray, size: int, receive: Receive) -> None:
    while len(data) < size:
        data += receive()
