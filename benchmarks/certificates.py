"""Certificates for an S3 on loopback, in a bundle as long as a machine's own.

Both kinds of S3 client read a bundle before they trust anyone, which takes milliseconds; a bundle
of one certificate would hide that. The function picks Amazon's roots out of it by how their serial
numbers begin, so our authority gets such a number.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import botocore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
LIFETIME = timedelta(days=2)
AMAZON_LIKE_SERIAL = 0x066C9F << 128  # 19 bytes that begin as Amazon Root CA 1's
KEY_BITS = 2048  # as S3's own


def write_certificates(folder: Path) -> None:
    """Write `bundle.pem` for clients, and `server.pem` with key and certificate of HOST."""
    folder.mkdir(parents=True, exist_ok=True)
    authority_key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    server_key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    authority = _certify("Benchmark Root CA", authority_key, authority_key, AMAZON_LIKE_SERIAL)
    server = _certify(HOST, server_key, authority_key, x509.random_serial_number())
    public = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
    private = server_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    (folder / "bundle.pem").write_bytes(public + b"\n" + authority)
    (folder / "server.pem").write_bytes(private + server)


def _certify(name: str, key: RSAPrivateKey, issuer_key: RSAPrivateKey, serial: int) -> bytes:
    is_authority = key is issuer_key
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("Benchmark Root CA"))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
