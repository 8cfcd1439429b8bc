"""The SHA-256 that guards a model file, from the cheapest module this Python has it in."""

try:
    # CPython 3.12+: no OpenSSL to load, 2.6 ms less than hashlib; typeshed leaves it out
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    from hashlib import sha256

from inference.errors import ArtifactError

_PREFIX = b'{"digest":"sha256:'
_HEX_DIGITS = 64
_BODY_START = len(_PREFIX) + _HEX_DIGITS + len(b'",')

__all__ = ["check_digest", "sha256"]


def check_digest(body: bytes) -> bool:
    """Return whether the file carries a digest; the digest covers every byte after its comma.

    Raises:
        ArtifactError: the digest is there, but belongs to other bytes.
    """
    if not body.startswith(_PREFIX):
        return False
    expected = body[len(_PREFIX) : len(_PREFIX) + _HEX_DIGITS]
    if sha256(body[_BODY_START:]).hexdigest().encode() != expected:
        raise ArtifactError("digest: doesn't match the content; the file was changed or cut off")
    return True
