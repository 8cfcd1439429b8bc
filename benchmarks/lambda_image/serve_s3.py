"""Stands in for S3 on loopback: answers signed GETs with a folder's files, over HTTP and TLS."""

import json
import os
import ssl
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

FOLDER = Path("/models")
PORT, TLS_PORT = 9000, 9443
SIGNED = "AWS4-HMAC-SHA256 "
LATENCY_S = float(os.environ.get("S3_LATENCY_MS", "0")) / 1000


class Objects(BaseHTTPRequestHandler):
    """Answers a GET; the path's last part names the file."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    files: dict[str, bytes] = {}  # noqa: RUF012  read once, before any request

    def do_GET(self) -> None:
        """Send the object to whoever signed the request."""
        time.sleep(LATENCY_S)
        body = self.files.get(self.path.rpartition("/")[2])
        is_signed = self.headers.get("authorization", "").startswith(SIGNED)
        self.send_response(HTTPStatus.OK if body and is_signed else HTTPStatus.FORBIDDEN)
        self.send_header("etag", '"benchmark"')
        self.send_header("last-modified", self.date_time_string())
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body or b"") if is_signed else 0))
        self.end_headers()
        self.wfile.write(body or b"" if is_signed else b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until standard input ends."""
    Objects.files = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}
    plain = ThreadingHTTPServer(("127.0.0.1", PORT), Objects)
    secure = ThreadingHTTPServer(("127.0.0.1", TLS_PORT), Objects)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/tls/server.pem")
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    for server in (plain, secure):
        Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
