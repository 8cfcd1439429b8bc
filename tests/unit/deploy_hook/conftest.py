"""Lambda and CodeDeploy as the hook sees them, over HTTP; real handlers stand behind."""

import json
import threading
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote

import pytest

import app

LIVE, NEW = "predict:live", "arn:aws:lambda:us-east-2:123456789012:function:predict:2"


class FakeAws:
    """Functions by name, what came beside their events, and what CodeDeploy was told."""

    def __init__(self):
        self.functions = {}
        self.contexts = []
        self.told = []
        self.server = HTTPServer(("127.0.0.1", 0), self._make_handler())
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, body):
        """Return status, headers and body."""
        if "/functions/" not in path:
            self.told.append(body)
            return 200, {}, {}
        function = self.functions.get(unquote(path.split("/")[3]))
        if function is None:
            return 404, {"x-amzn-errortype": "ResourceNotFoundException"}, {}
        try:
            return 200, {}, function(body)
        except Exception as error:  # noqa: BLE001  as Lambda does
            failed = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return 200, {"x-amz-function-error": "Unhandled"}, failed

    def _make_handler(aws):  # noqa: N805  `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                if "x-amz-client-context" in self.headers:
                    aws.contexts.append(json.loads(b64decode(self.headers["x-amz-client-context"])))
                status, headers, answer = aws.answer(self.path, json.loads(body))
                sent = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(sent))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *_):
                pass

        return Handler


@pytest.fixture
def handler(store, context, tmp_path, monkeypatch):  # noqa: ARG001  the handler's model
    """The handler with a model and a page, as a function of the event."""
    (tmp_path / "page.html").write_text("the page", "utf-8")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    return lambda event: app.lambda_handler(event, context)


@pytest.fixture
def aws(monkeypatch, handler):
    """Both services; the live version and the new one are the handler itself."""
    fake = FakeAws()
    fake.functions = {LIVE: handler, NEW: handler}
    for name, value in {
        "AWS_ENDPOINT_URL_LAMBDA": fake.url,
        "AWS_ENDPOINT_URL_CODEDEPLOY": fake.url,
        "AWS_DEFAULT_REGION": "us-east-2",
        "LIVE_VERSION": LIVE,
        "NEW_VERSION": NEW,
    }.items():
        monkeypatch.setenv(name, value)
    yield fake
    fake.stop()
