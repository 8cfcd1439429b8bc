"""A certificate authority of a test's own, and servers with its certificates."""

import datetime
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Authority:
    """A certificate authority in a file, and servers with its certificates."""

    def __init__(self, folder: Path, serial: int) -> None:
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
