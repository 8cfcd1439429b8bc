"""What the page may do, as the browser enforces it: run its own script, ask those it is told to."""

from base64 import b64encode
from hashlib import sha256

NOBODY, OWN_SERVER = "'none'", "'self'"


def build_policy(script: str, style: str, addresses: str = NOBODY) -> str:
    """Return a Content-Security-Policy that allows one script and one style sheet, by their hashes.

    The worker runs the page's own script, out of a blob.

    Args:
        script: text of the one script element that runs.
        style: text of the one style element.
        addresses: which the page may ask, as connect-src has them.
    """
    allowed = {
        "default-src": "'none'",
        "script-src": _hash(script),
        "style-src": _hash(style),
        "img-src": "data:",
        "worker-src": "blob:",
        "connect-src": addresses,
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {source}" for name, source in allowed.items())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
