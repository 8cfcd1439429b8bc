"""TLS for one connection, verified, at the lowest start-up cost.

`_ssl` is the part of `ssl` that does the work; the module `ssl` around it takes 8 ms more to
import. Its client context verifies chain and host name by default, as `ssl`'s own does.
Reading the machine's whole certificate bundle takes 7 to 11 ms more, and 0.9 s have been
reported for a 128 MB function (aws/aws-lambda-base-images issue 154, March 2024). So Amazon's
roots are picked out of it first; whom those don't vouch for is checked against the whole bundle.
"""

from _ssl import (
    PROTOCOL_TLS_CLIENT,
    SSLCertVerificationError,
    _SSLContext,
    get_default_verify_paths,
)
from threading import Lock

from inference.errors import StorageError
from inference.live.http_get import Connect, Stream

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
_AMAZON_SERIAL = b"AwIBAgITBmyf"  # how the serial numbers of Amazon Root CA 1 to 4 begin, in PEM
_SERIAL_WITHIN = 32  # characters of a certificate's text
_TLS_1_2 = 0x0303


class Trust:
    """Whose signatures count: a bundle file's, or those that the machine trusts."""

    __slots__ = ("_bundle_path", "_guard", "_trusted")

    def __init__(self, bundle_path: str | None) -> None:
        self._bundle_path = bundle_path
        self._guard = Lock()  # around loading the bundle, which several threads may ask for
        roots = _pick_amazon_roots(bundle_path or get_default_verify_paths()[1])
        # The context, and whether it has the whole bundle: together, since any thread may look.
        self._trusted = (_trust_roots(roots), False) if roots else (self._trust_bundle(), True)

    def open_stream(self, connect: Connect, host: str) -> Stream:
        """Return a verified stream over a new connection.

        Raises:
            StorageError: the certificate is not for this host, or no trusted one signed it.
            OSError: the connection or the handshake failed.
        """
        while True:
            connection = connect()
            context, is_whole = self._trusted
            try:
                wrap = context._wrap_socket  # type: ignore[attr-defined] # not in typeshed
                stream = wrap(connection, False, host)
                stream.do_handshake()
            except SSLCertVerificationError as error:
                connection.close()
                if is_whole:
                    text = f"TLS: certificate refused (X.509 error {error.verify_code})"
                    raise StorageError(text, "misconfigured") from error
                self._widen()
            except BaseException:
                connection.close()
                raise
            else:
                return connection, stream.write, stream.read

    def _widen(self) -> None:
        with self._guard:
            if not self._trusted[1]:
                self._trusted = self._trust_bundle(), True

    def _trust_bundle(self) -> _SSLContext:
        context = _new_context()
        if self._bundle_path:
            context.load_verify_locations(self._bundle_path, None, None)
        else:
            context.set_default_verify_paths()
        return context


def _trust_roots(roots: str) -> _SSLContext:
    context = _new_context()
    context.load_verify_locations(None, None, roots)
    return context


def _new_context() -> _SSLContext:
    context = _SSLContext(PROTOCOL_TLS_CLIENT)
    context.minimum_version = _TLS_1_2
    return context


def _pick_amazon_roots(bundle_path: str) -> str:
    try:
        with open(bundle_path, "rb") as file:  # noqa: PTH123 (pathlib takes 4 ms to import)
            bundle = file.read()
    except OSError:
        return ""
    picked = []
    start = bundle.find(_BEGIN)
    while start >= 0:
        text = start + len(_BEGIN)
        if _AMAZON_SERIAL in bundle[text : text + _SERIAL_WITHIN]:
            picked.append(bundle[start : bundle.find(_END, text) + len(_END)])
        start = bundle.find(_BEGIN, text)
    return b"\n".join(picked).decode()
