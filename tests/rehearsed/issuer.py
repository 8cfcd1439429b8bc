"""An issuer of tokens over HTTPS: OpenID Connect's documents, sign-in and tokens, good and bad."""

import base64
import json
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "crm"


class Issuer:
    """Signs tokens, and answers at `url` for as long as it isn't stopped.

    It lets everybody in who comes to sign in, and keeps in `asked` what the last one asked for.
    What it says otherwise than it should is in `description` (of itself), `answer` (to who came
    back, and in id tokens), `tokens` (handed out) and `claims` (in access tokens).
    """

    def __init__(self, authority):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(self))
        context = authority.make_server_context(x509.DNSName("localhost"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_port}"
        self.description, self.answer, self.tokens, self.claims, self.asked = {}, {}, {}, {}, {}
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
        return f"{text}.{self._sign(text)}"

    def accepts(self, token):
        """Return whether a gateway would let a token pass."""
        text, _, signature = token.rpartition(".")
        if not text or signature != self._sign(text):
            return False
        claims = json.loads(base64.urlsafe_b64decode(text.partition(".")[2] + "=="))
        return claims["exp"] > time.time() and claims["aud"] == AUDIENCE

    def _sign(self, text):
        return _encode(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))

    def describe(self, path):
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
            } | self.description
        public = self.key.public_key().public_numbers()
        numbers = {"n": _encode(public.n.to_bytes(256)), "e": _encode(public.e.to_bytes(3))}
        return {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", **numbers}]}

    def let_in(self, asked):
        """Return where a person is sent back to."""
        self.asked = asked
        answer = {"code": "good-once", "state": asked["state"], "iss": self.url} | self.answer
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def hand_out(self, asked):
        """Return tokens for a code, or None where they are refused."""
        verified = _encode(sha256(asked["code_verifier"].encode()).digest())
        same = all(asked[name] == self.asked[name] for name in ("client_id", "redirect_uri"))
        if not same or (asked["code"], verified) != ("good-once", self.asked["code_challenge"]):
            return None
        claims = {"aud": asked["client_id"], "nonce": self.asked["nonce"]} | self.answer
        tokens = {"access_token": self.sign(**self.claims), "id_token": self.sign(**claims)}
        return {"token_type": "Bearer", "expires_in": 60} | tokens | self.tokens


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read_form(text):
    return {name: value for name, (value,) in parse_qs(text).items()}


def _make_handler(issuer):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlsplit(self.path)
            if address.path == "/authorize":
                self.send_response(302)
                self.send_header("location", issuer.let_in(_read_form(address.query)))
                self.end_headers()
            else:
                self.send_json(200, issuer.describe(address.path))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            tokens = issuer.hand_out(_read_form(body))
            self.send_json(200 if tokens else 400, tokens or {"error": "invalid_grant"})

        def send_json(self, status, content):
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("access-control-allow-origin", "*")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
