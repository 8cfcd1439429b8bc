"""AWS Signature Version 4 for the one request we make: a GET to S3 without a body.

Source: "Signature Version 4 signing process", Amazon S3 API reference; held byte for byte
against botocore's own signer by tests/unit/inference/test_sigv4.py.
"""

from inference.digest import sha256

_ALGORITHM = "AWS4-HMAC-SHA256"
_EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of no bytes
_BLOCK_BYTES = 64  # of SHA-256, as HMAC wants it (RFC 2104)
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"


def quote_path(path: str) -> str:
    """Return the path as S3 wants it sent and signed: all but unreserved bytes and `/` as %XX."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in path.encode())


def sign_get(
    path: str,
    headers: dict[str, str],
    region: str,
    credentials: tuple[str, str, str],
    timestamp: str,
) -> dict[str, str]:
    """Return the headers to send with a GET, signed.

    Args:
        path: as sent, quoted, without a query.
        headers: lower-case name -> value, `host` among them; all of them get signed.
        region: where the bucket is.
        credentials: access key id, secret key, session token (empty: none).
        timestamp: now in UTC as YYYYMMDDTHHMMSSZ; S3 refuses one that is off by 15 minutes.
    """
    key_id, secret, token = credentials
    signed = {**headers, "x-amz-date": timestamp, "x-amz-content-sha256": _EMPTY_SHA256}
    if token:
        signed["x-amz-security-token"] = token
    names = sorted(signed)
    canonical = "".join(f"{name}:{' '.join(signed[name].split())}\n" for name in names)
    signed_names = ";".join(names)
    request = f"GET\n{path}\n\n{canonical}\n{signed_names}\n{_EMPTY_SHA256}"
    scope = f"{timestamp[:8]}/{region}/s3/aws4_request"
    request_digest = sha256(request.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{timestamp}\n{scope}\n{request_digest}"
    signature = _hmac(_signing_key(secret, scope), text).hex()
    signed["authorization"] = (
        f"{_ALGORITHM} Credential={key_id}/{scope}, "
        f"SignedHeaders={signed_names}, Signature={signature}"
    )
    return signed


def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, message: str) -> bytes:
    """Return HMAC-SHA-256, by hand because the module hmac loads OpenSSL (4 ms)."""
    if len(key) > _BLOCK_BYTES:
        key = sha256(key).digest()
    key = key.ljust(_BLOCK_BYTES, b"\0")
    inner: bytes = sha256(key.translate(_INNER) + message.encode()).digest()
    outer: bytes = sha256(key.translate(_OUTER) + inner).digest()
    return outer
