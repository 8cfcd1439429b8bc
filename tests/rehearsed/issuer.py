"""An issuer of tokens: its two documents over HTTPS, and tokens it signs, good and bad ones."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "crm"


class Issuer:
    """Signs tokens, and answers at `url` for as long as it isn't stopped."""

    def __init__(self, authority):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(self))
        context = authority.make_server_context(x509.DNSName("localhost"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def sign(self, **claims):
        """Return a token that is good for a minute, but for what `claims` say."""
        now = int(time.time())
        facts = {"iss": self.url, "aud": AUDIENCE, "sub": "test", "iat": now, "exp": now + 60}
        parts = [{"alg": "RS256", "kid": "1", "typ": "JWT"}, facts | claims]
        text = ".".join(_encode(json.dumps(part).encode()) for part in parts)
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{_encode(signature)}"

    def describe(self, path):
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        public = self.key.public_key().public_numbers()
        numbers = {"n": _encode(public.n.to_bytes(256)), "e": _encode(public.e.to_bytes(3))}
        return {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", **numbers}]}


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _make_handler(issuer):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(issuer.describe(self.path)).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
